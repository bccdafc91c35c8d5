package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process measured of one thing: every sample, to four digits. Filled by one thread.
 *
 * @param id of the measurement
 * @param client {@link Measurement#PROVIDER} or a peer
 * @param roundTripMillis that was added
 * @param unit what the samples are in, times 1,000
 * @param histogram the samples, in thousandths of the unit
 * @param warmUp what was not counted
 * @param notes what a reader must know
 */
record SampleSet(
    String id,
    String client,
    double roundTripMillis,
    String unit,
    SampleHistogram histogram,
    ResultText warmUp,
    List<ResultText> notes) {
  /** Samples are whole numbers there, and a cached read takes a few nanoseconds only. */
  static final double SCALE = 1000;

  SampleSet {
    notes = List.copyOf(notes);
  }

  /** None yet. */
  static SampleSet of(String id, String unit) {
    return new SampleSet(
        id,
        Measurement.PROVIDER,
        0,
        unit,
        new SampleHistogram(),
        ResultText.of("warm.nothing"),
        List.of());
  }

  SampleSet by(String peer) {
    return new SampleSet(id, peer, roundTripMillis, unit, histogram, warmUp, notes);
  }

  SampleSet at(double trip) {
    return new SampleSet(id, client, trip, unit, histogram, warmUp, notes);
  }

  SampleSet after(String key, Object... arguments) {
    ResultText before = ResultText.of(key, arguments);
    return new SampleSet(id, client, roundTripMillis, unit, histogram, before, notes);
  }

  SampleSet noted(String key, Object... arguments) {
    List<ResultText> more = new ArrayList<>(notes);
    more.add(ResultText.of(key, arguments));
    return new SampleSet(id, client, roundTripMillis, unit, histogram, warmUp, more);
  }

  /** Takes in a sample; less than nothing counts as nothing. */
  SampleSet add(double sample) {
    histogram.recordValue(Math.max(0, Math.round(sample * SCALE)));
    return this;
  }

  /** Returns a key that is unique among the measurements of a participant. */
  String key() {
    return id + "/" + client + "/" + roundTripMillis;
  }
}
