package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads and writes of one participant, at each distance: what one call takes. Used once, by one
 * thread.
 */
final class TimedCalls {
  /** The least; with three slots, at the half rate of an open loop, the client is compiled. */
  private static final int FIRST_WARM_UP_MILLIS = 1200;

  private static final int FIRST_WARM_UP_SLOTS = 3;

  /** As many as the store's own pool of connections has at least. */
  private static final int CALLERS = 8;

  static final int[] BATCHES = {1, 20, 100};

  private final WorkerAssignment work;
  private final ComparisonWorker lab;
  private boolean warm;

  TimedCalls(WorkerAssignment work, ComparisonWorker lab) {
    this.work = work;
    this.lab = lab;
  }

  void go() {
    // The farthest first: by the time that little else than our own work is timed, it is compiled.
    for (double trip : new TreeSet<>(work.trips().keySet()).descendingSet()) {
      ParticipantAccess subject = work.at(trip);
      lab.measure(
          at("cold-get", trip), () -> timed(() -> TimedCall.coldGet(subject), CALLERS).at(trip));
      lab.measure(at("cached-get", trip), () -> CachedGet.measure(subject, work).at(trip));
      for (int size : BATCHES) {
        lab.measure(
            at("batch-" + size, trip),
            () -> timed(() -> TimedCall.batch(subject, size), 1).at(trip));
      }
      String folder = work.round() + "-" + List.copyOf(work.trips().keySet()).indexOf(trip);
      lab.measure(
          at("put", trip), () -> timed(() -> TimedCall.put(subject, folder), CALLERS).at(trip));
      if (trip == 0) {
        lab.measure(
            at("get-by-version", trip), () -> timed(() -> TimedCall.getByVersion(subject), 1));
        lab.measure(at("list", trip), () -> list(subject));
      }
    }
  }

  private static ResultText at(String id, double trip) {
    ResultText what = ResultText.measure(id);
    return trip == 0 ? what : ResultText.of("at", what, new BigDecimal(Measurement.tripText(trip)));
  }

  private long warmUpMillis() {
    long first = Math.max(FIRST_WARM_UP_MILLIS, FIRST_WARM_UP_SLOTS * work.slotMillis());
    long millis = warm ? work.slotMillis() / 4 : first;
    warm = true;
    return millis;
  }

  private SampleSet list(ParticipantAccess subject) throws Exception {
    try (TimedCall call = TimedCall.list(subject)) {
      SampleSet samples = timed(call, 1);
      int found = call.client().provider().list(BackendClient.HELD_NAMES).size();
      return found < BackendClient.HELD
          ? samples.noted("listed", found, BackendClient.HELD)
          : samples;
    }
  }

  private SampleSet timed(JmhCalls.Making making, int callers) throws Exception {
    try (TimedCall call = making.call()) {
      return timed(call, callers);
    }
  }

  private SampleSet timed(TimedCall call, int callers) throws Exception {
    return new OpenLoop(work.slotMillis(), callers)
        .measure(SampleSet.of(call.id(), "ms"), warmUpMillis(), call.operation());
  }
}
