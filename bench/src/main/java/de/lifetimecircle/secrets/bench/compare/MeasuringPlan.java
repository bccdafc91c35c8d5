package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.compare.WorkerAssignment.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * In which order what is measured, and how long. Round by round, in each the participants in an
 * order that the seed draws, so that what disturbs the machine for a while does not disturb one of
 * them alone. Immutable.
 *
 * @param tasks in this order
 * @param slotMillis how long one operation is measured
 */
record MeasuringPlan(List<Task> tasks, long slotMillis) {
  private static final long LEAST_SLOT_MILLIS = 200;
  private static final long MOST_SLOT_MILLIS = 2500;

  /** The length of a slot with its warm-up. */
  private static final double WITH_WARM_UP = 1.3;

  /** Of the time; the rest is for what takes longer here than it did there. */
  private static final double PLANNED = 0.9;

  private static final int OPERATIONS = 6;
  private static final int OPERATIONS_NEAR = 2;

  /**
   * A process to run.
   *
   * @param kind what it measures
   * @param name on whom
   * @param round counts from 1
   * @param seconds how long it takes, about
   */
  record Task(Kind kind, String name, int round, double seconds) {
    /** Returns an id that is unique in a run. */
    String id() {
      return round + "/" + kind.word() + "/" + name;
    }
  }

  MeasuringPlan {
    tasks = List.copyOf(tasks);
  }

  /** The plan of a run with these participants. */
  static MeasuringPlan of(
      CompareRequest request,
      List<ParticipantAccess> subjects,
      Participants participants,
      long seed) {
    int rounds = request.extent().rounds;
    boolean isQuick = request.extent() == CompareRequest.Extent.QUICK;
    double fixed = 0;
    double operations = 0;
    for (ParticipantAccess subject : subjects) {
      int trips = participants.ports(subject).size();
      for (int round = 1; round <= rounds; round++) {
        for (Kind kind : kinds(isQuick, round)) {
          fixed += fixedSeconds(kind, subject, isQuick);
          operations += operations(kind, trips);
        }
      }
    }
    double slot =
        1000 * (PLANNED * request.seconds() - fixed) / Math.max(1, operations * WITH_WARM_UP);
    long slotMillis = (long) Math.max(LEAST_SLOT_MILLIS, Math.min(MOST_SLOT_MILLIS, slot));
    return new MeasuringPlan(tasks(request, subjects, participants, seed, slotMillis), slotMillis);
  }

  /** How many slots a task has. */
  private static int operations(Kind kind, int trips) {
    return switch (kind) {
      case CALLS -> OPERATIONS * trips + OPERATIONS_NEAR;
      case JMH -> JmhCalls.OPERATIONS;
      default -> 0;
    };
  }

  /** Returns the kinds of a round; in a quick run everything but the calls comes once. */
  private static List<Kind> kinds(boolean isQuick, int round) {
    return isQuick && round > 1
        ? List.of(Kind.CALLS)
        : List.of(Kind.CALLS, Kind.JMH, Kind.EVENTS, Kind.PEERS, Kind.START, Kind.FOOTPRINT);
  }

  /** Returns the seconds that do not depend on the slot, as measured on the author's machine. */
  private static double fixedSeconds(Kind kind, ParticipantAccess subject, boolean isQuick) {
    return switch (kind) {
      case CALLS -> isQuick ? 3 : 6;
      case JMH -> 3;
      case EVENTS -> (isQuick ? 10 : 22) - (subject.isLocal() ? 3 : 0);
      case PEERS -> subject.scheme().equals("aws") ? 5 : 3;
      case START -> 4;
      case FOOTPRINT -> 4;
      case PREPARE, CLEAN -> 0;
    };
  }

  private static List<Task> tasks(
      CompareRequest request,
      List<ParticipantAccess> subjects,
      Participants participants,
      long seed,
      long slotMillis) {
    boolean isQuick = request.extent() == CompareRequest.Extent.QUICK;
    SplittableRandom random = new SplittableRandom(seed);
    List<Task> tasks = new ArrayList<>();
    for (int round = 1; round <= request.extent().rounds; round++) {
      for (Kind kind : kinds(isQuick, round)) {
        for (ParticipantAccess subject : shuffled(subjects, random)) {
          double slots = operations(kind, participants.ports(subject).size());
          double seconds =
              fixedSeconds(kind, subject, isQuick) + slots * WITH_WARM_UP * slotMillis / 1000;
          tasks.add(new Task(kind, subject.name(), round, seconds));
        }
      }
    }
    return tasks;
  }

  /** In an order that a generator with a seed draws. */
  private static List<ParticipantAccess> shuffled(
      List<ParticipantAccess> subjects, SplittableRandom random) {
    List<ParticipantAccess> order = new ArrayList<>(subjects);
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    return order;
  }

  /** How long these take, about. */
  static double seconds(List<Task> tasks) {
    return tasks.stream().mapToDouble(Task::seconds).sum();
  }
}
