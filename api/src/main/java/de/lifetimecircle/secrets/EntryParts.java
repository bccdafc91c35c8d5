package de.lifetimecircle.secrets;

import java.util.random.RandomGenerator;

/**
 * The parts that all entries of a cache share.
 *
 * @param policy ages and limits
 * @param random jitter
 * @param alarms the queue that rings when an entry has to act
 */
record EntryParts(CachePolicy policy, RandomGenerator random, AlarmQueue alarms) {}
