package de.lifetimecircle.secrets;

import java.util.random.RandomGenerator;

/**
 * What all entries of a cache share.
 *
 * @param policy ages and limits
 * @param random jitter
 * @param alarms rings when an entry has to do something
 */
record EntryParts(CachePolicy policy, RandomGenerator random, AlarmQueue alarms) {}
