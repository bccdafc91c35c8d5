package de.lifetimecircle.secrets.cli.chaos;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Judges what readers noted by the ledger of all writes. Every bound of time is longer by three
 * times the longest delay of the machine in that time: the tick, the worker and the reader are
 * woken.
 */
final class ChaosJudge {
  private static final Duration SLACK = Duration.ofMillis(100);

  private final ChaosRun run;
  private final ChaosLateness lateness;
  private final ChaosLoads loads;
  private final Map<String, NavigableMap<Integer, ChaosLedger.Write>> writes;

  /** The longest time for which a value was served after it had been replaced. */
  long oldest;

  int blocked;

  ChaosJudge(
      ChaosRun run,
      ChaosLateness lateness,
      ChaosLoads loads,
      Map<String, NavigableMap<Integer, ChaosLedger.Write>> writes) {
    this.run = run;
    this.lateness = lateness;
    this.loads = loads;
    this.writes = writes;
  }

  void judge(ChaosReader reader) {
    reader.sights.forEach(
        (name, sights) -> sights.forEach(sight -> judge(name, sight, writes.get(name))));
    for (ChaosReader.Fresh fresh : reader.fresh) {
      int least = lastKnownBefore(fresh.name(), fresh.asked());
      if (fresh.number() < least) {
        run.object(fresh.name() + ": " + fresh.number() + " without an age, after " + least);
      }
    }
    for (ChaosReader.Span wait : reader.waits) {
      if (wait.to() - wait.from() > within(ChaosRun.TIMEOUT, wait)) {
        blocked++;
        run.object(wait.name() + ": a reader waited " + millis(wait) + " ms");
      }
    }
    for (ChaosReader.Span apart : reader.apart) {
      // The reads in between may have had to wait for a load.
      if (apart.to() - apart.from() > within(ChaosRun.TIMEOUT, apart)) {
        run.contradiction(
            apart.name() + ": list and value were apart for " + millis(apart) + " ms");
      }
    }
    for (ChaosReader.Span refusal : reader.refusals) {
      if (refusal.from() != Long.MIN_VALUE) {
        judgeRefusal(refusal);
      }
    }
  }

  /** The last answer was held, and so nobody is refused, until it is as old as max-stale. */
  private void judgeRefusal(ChaosReader.Span refusal) {
    // A sweep that was late before that answer had not yet marked it as stale.
    long late = late(refusal.from() - ChaosRun.MAX_STALE.toNanos(), refusal.to());
    long unmarked = ChaosRun.TICK.multipliedBy(2).toNanos();
    long asked = refusal.from() - ChaosRun.SOFT_AGE.toNanos() - unmarked;
    long answered = Math.min(refusal.to(), refusal.from() + ChaosRun.TIMEOUT.toNanos());
    asked = loads.firstBegun(refusal.name(), refusal.from() - unmarked - late, answered, asked);
    if (refusal.to() - asked < ChaosRun.MAX_STALE.minus(SLACK).toNanos() - late) {
      run.object(
          refusal.name() + ": refused " + millis(refusal) + " ms after an answer within its age");
    }
  }

  private void judge(
      String name, ChaosReader.Sight sight, NavigableMap<Integer, ChaosLedger.Write> ofName) {
    ChaosLedger.Write write = ofName.get(sight.number);
    if (write == null || sight.firstSeen < write.begun()) {
      run.object(name + ": " + sight.number + " was seen before it was written");
      return;
    }
    for (ChaosLedger.Write later : ofName.tailMap(sight.number, false).values()) {
      if (later.isKnown()) {
        ChaosReader.Span served = new ChaosReader.Span(name, later.done(), sight.lastAsked);
        oldest = Math.max(oldest, served.to() - served.from());
        if (served.to() - served.from() > within(ChaosRun.MAX_STALE.plus(ChaosRun.TICK), served)) {
          run.object(name + ": " + sight.number + " was served " + millis(served) + " ms after it");
        }
        return;
      }
    }
  }

  private long within(Duration bound, ChaosReader.Span span) {
    return bound.plus(SLACK).toNanos() + late(span.from(), span.to());
  }

  private long late(long from, long to) {
    return 3 * lateness.worst(from, to);
  }

  private static long millis(ChaosReader.Span span) {
    return Duration.ofNanos(span.to() - span.from()).toMillis();
  }

  /** The last number of a name whose write was confirmed before that moment; 0 if there is none. */
  int lastKnownBefore(String name, long moment) {
    int last = 0;
    for (Map.Entry<Integer, ChaosLedger.Write> each : writes.get(name).entrySet()) {
      if (each.getValue().isKnown() && each.getValue().done() < moment) {
        last = each.getKey();
      }
    }
    return last;
  }
}
