package de.lifetimecircle.secrets.bench.outage;

/** A state of a backend: a row of the matrix. */
enum OutageRow {
  HEALTHY("healthy"),
  DOWN_AT_START("down at start"),
  HANGING_AT_START("hanging at start"),
  DOWN("down later"),
  PAST_MAX_STALE("down past max-stale"),
  HANGING("hanging for 3 s"),
  THROTTLING("throttling"),
  THROTTLING_UNTIL("throttling, Retry-After 4 s"),
  SLOW("slow, 1.2 s"),
  FLAPPING("flapping each second"),
  GARBAGE("answering garbage"),
  OLDER("answering older versions"),
  COMING_BACK("coming back, three times");

  private final String words;

  OutageRow(String words) {
    this.words = words;
  }

  /** As in the table. */
  String words() {
    return words;
  }

  /** Whether there is no value before the trouble. */
  boolean isAtStart() {
    return this == DOWN_AT_START || this == HANGING_AT_START;
  }

  /** Whether the library has a value to serve all the time. */
  boolean isHeldThroughout() {
    return !isAtStart() && this != PAST_MAX_STALE;
  }

  /** Whether no call succeeds for the whole of the trouble, so that few may be made. */
  boolean isOutage() {
    return switch (this) {
      case DOWN_AT_START,
          HANGING_AT_START,
          DOWN,
          PAST_MAX_STALE,
          HANGING,
          THROTTLING,
          THROTTLING_UNTIL,
          GARBAGE ->
          true;
      case HEALTHY, SLOW, FLAPPING, OLDER, COMING_BACK -> false;
    };
  }

  /** Whether every call succeeds, so that no value may outlive its age by more than a call. */
  boolean isHealthy() {
    return this == HEALTHY || this == SLOW;
  }
}
