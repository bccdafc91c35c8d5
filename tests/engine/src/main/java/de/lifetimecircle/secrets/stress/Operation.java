package de.lifetimecircle.secrets.stress;

import java.util.Locale;

/**
 * One operation of a history, on one name. Immutable.
 *
 * @param kind the kind of operation
 * @param begun when, in nanoseconds of one monotonic clock
 * @param ended when its caller had the answer
 * @param version the version answered or written; 0 for {@code FORGET}
 * @param least the oldest version that the model lets it see; see {@link Register#bounded}
 */
record Operation(Kind kind, long begun, long ended, int version, int least) {

  /** The effect of an operation on the model; see {@link Register}. */
  enum Kind {
    /** A read through the cache: {@code get}, {@code getAsync}, {@code getAll}, a handle. */
    READ,
    /** {@code refresh}. */
    REFRESH,
    /** The backend takes a version: a rotation by another process, or the first half of a put. */
    STORE,
    /** The cache forgets older versions than this one: the second half of a put of our own. */
    OVERTAKE,
    /** A put of our own fails: nothing is stored, and the cache forgets the earlier versions. */
    FORGET
  }

  Operation(Kind kind, long begun, long ended, int version) {
    this(kind, begun, ended, version, 0);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s %d [%d..%d us]", kind, version, begun / 1_000, ended / 1_000);
  }
}
