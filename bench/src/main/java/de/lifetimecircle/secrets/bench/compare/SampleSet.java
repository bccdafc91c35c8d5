package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

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
    Histogram histogram,
    ResultText warmUp,
    List<ResultText> notes) {
  /** Samples are whole numbers there, and a cached read takes a few nanoseconds only. */
  static final double SCALE = 1000;

  private static final int DIGITS = 4;

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
        new Histogram(DIGITS),
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

  Map<String, Object> json() {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("client", client);
    fields.put("roundTripMillis", BigDecimal.valueOf(roundTripMillis));
    fields.put("unit", unit);
    fields.put(
        "histogram", Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length)));
    fields.put("warmUp", warmUp.json());
    fields.put("notes", ResultFile.json(notes));
    return fields;
  }

  /**
   * Reads what {@link #json} made.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static SampleSet of(Map<?, ?> fields) {
    if (!(fields.get("roundTripMillis") instanceof BigDecimal trip)) {
      throw new IllegalArgumentException("no samples: " + Json.write(fields.get("id")));
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text(fields, "histogram"));
      Histogram histogram = new Histogram(DIGITS); // grows, which the decoded one does not
      histogram.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0));
      return new SampleSet(
          text(fields, "id"),
          text(fields, "client"),
          trip.doubleValue(),
          text(fields, "unit"),
          histogram,
          ResultText.read(fields.get("warmUp")),
          ComparisonJournal.statements(fields.get("notes")));
    } catch (DataFormatException | RuntimeException e) {
      throw new IllegalArgumentException("no samples: " + text(fields, "id"), e);
    }
  }

  private static String text(Map<?, ?> fields, String key) {
    return fields.get(key) instanceof String text ? text : "";
  }
}
