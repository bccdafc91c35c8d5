package de.lifetimecircle.secrets;

import java.util.random.RandomGenerator;

/**
 * The parts that all entries of a cache share.
 *
 * @param policy ages and limits
 * @param random jitter
 * @param sweep ticks, at which an entry does what is due
 */
record EntryParts(CachePolicy policy, RandomGenerator random, Sweep sweep) {}
