package de.lifetimecircle.secrets.decision.cost;

import java.math.RoundingMode;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Simulates one day of all instances and names, second by second. Instances start and refresh their
 * cached names; from noon on, every secret is rotated and, because its old value is refused, read
 * again. Deterministic for a seed. Not thread-safe.
 *
 * <p>It is the worst day of the month: the day of a rotation, with names that never go idle. Calls
 * take no time, and every call succeeds.
 */
final class FleetSimulation {
  /** When the rotation begins, in seconds from midnight. */
  static final int NOON = CostPlan.SECONDS_A_DAY / 2;

  private static final long MOST_REFRESHES = 2_000_000_000L;

  private final CostPlan plan;
  private final double jitter;
  private final SplittableRandom random;
  private final SimulatedDay day = new SimulatedDay();

  private FleetSimulation(CostPlan plan, int jitter, long seed) {
    this.plan = plan;
    this.jitter = jitter / 100.0;
    random = new SplittableRandom(seed);
  }

  /**
   * Plays the day; takes about a second for 1,000 instances with 20 secrets and 5 minutes.
   *
   * @param jitter in percent, instead of the plan's
   * @throws IllegalArgumentException if it would take minutes
   */
  static SimulatedDay day(CostPlan plan, int jitter, long seed) {
    long refreshes = plan.held() * (CostPlan.SECONDS_A_DAY * 1000L / plan.softAge().toMillis() + 1);
    if (refreshes > MOST_REFRESHES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot simulate %,d refreshes a day (expected: at most %,d): raise --soft-age, or"
                  + " give a part of the instances",
              refreshes,
              MOST_REFRESHES));
    }
    FleetSimulation fleet = new FleetSimulation(plan, jitter, seed);
    for (int i = 0; i < plan.instances(); i++) {
      fleet.instance();
    }
    for (int i = 0; fleet.rotates() && i < plan.secrets(); i++) {
      fleet.day.put((int) (NOON + fleet.spread() * i / plan.secrets()));
    }
    return fleet.day;
  }

  private boolean rotates() {
    return plan.rotationsAMonth().signum() > 0;
  }

  private void instance() {
    int starts = plan.startsADay().setScale(0, RoundingMode.CEILING).intValueExact();
    if (starts == 0) {
      for (int i = 0; i < plan.secrets(); i++) { // it was running before the day began
        name(0, random.nextDouble() * next(0), CostPlan.SECONDS_A_DAY);
      }
      return;
    }
    double[] begins = new double[starts + 1];
    for (int i = 0; i < starts; i++) {
      begins[i] = (double) CostPlan.SECONDS_A_DAY * i / starts + random.nextDouble() * spread();
    }
    begins[starts] = CostPlan.SECONDS_A_DAY;
    for (int i = 0; i < starts && begins[i] < CostPlan.SECONDS_A_DAY; i++) {
      day.start((int) begins[i], plan.secrets());
      life(begins[i], Math.min(begins[i + 1], CostPlan.SECONDS_A_DAY));
    }
  }

  private void life(double begin, double end) {
    for (int i = 0; i < plan.secrets(); i++) {
      name(begin, next(begin), end);
    }
  }

  /** Adds the calls of one name in one instance after its first read, from begin to end. */
  private void name(double begin, double first, double end) {
    double due = first;
    double refused = NOON + random.nextDouble() * spread();
    boolean toRotate = rotates() && begin < refused && end > refused;
    while (toRotate || due < end) {
      if (toRotate && due >= refused) {
        day.reread((int) refused);
        toRotate = false;
        due = next(refused);
      } else {
        day.refresh((int) due);
        due = next(due);
      }
    }
  }

  private double next(double now) {
    return now + softAge() * (1 - jitter * random.nextDouble());
  }

  private double spread() {
    return plan.spread().toMillis() / 1000.0;
  }

  private double softAge() {
    return plan.softAge().toMillis() / 1000.0;
  }
}
