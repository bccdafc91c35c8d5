package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The file of a {@link ComparisonRun}: JSON (RFC 8259) with one measurement a line. A field that
 * this version does not know is passed over. Stateless.
 */
public final class ResultFile {
  private ResultFile() {}

  /**
   * Writes a comparison, in one step: whoever reads meanwhile, or after a crash, finds the old file
   * or the new one. Makes the folder if need be. Blocks until it is on the disk.
   *
   * @throws UncheckedIOException what went wrong and what to do, in one sentence; the old file is
   *     still there
   */
  public static void write(Path file, ComparisonRun comparison) {
    try {
      AtomicResultFile.write(file, text(comparison));
    } catch (IOException e) {
      String kept = Files.exists(file) ? "; what was saved there before is kept" : "";
      throw new UncheckedIOException(
          "Cannot save results to "
              + file
              + ": "
              + AtomicResultFile.reason(e)
              + kept
              + ". Free some space or name another file with --json.",
          e);
    }
  }

  /**
   * Reads a comparison. Blocks.
   *
   * @throws IllegalArgumentException what is wrong with the file and what to do, in one sentence
   */
  public static ComparisonRun read(Path file) {
    String measure = ". Measure again with bench/run compare --restart";
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "no such file. Measure first with bench/run compare", e);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "not UTF-8, so no file of ours" + measure, e);
    } catch (IOException e) {
      throw unreadable(file, AtomicResultFile.reason(e) + ". Name a file of bench/run compare", e);
    }
    Object document;
    try {
      document = Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, "cut short or not JSON (" + e.getMessage() + ")" + measure, e);
    }
    try {
      return comparison(new ResultFields("", document));
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage() + measure, e);
    }
  }

  private static IllegalArgumentException unreadable(Path file, String why, Exception cause) {
    return new IllegalArgumentException(
        "Cannot read results from " + file + ": " + why + ".", cause);
  }

  private static ComparisonRun comparison(ResultFields fields) {
    long format = fields.whole("format");
    if (format != ComparisonRun.FORMAT) {
      throw new IllegalArgumentException(
          "format "
              + format
              + " (expected: "
              + ComparisonRun.FORMAT
              + "), so another version wrote it");
    }
    return new ComparisonRun(
        fields.instant("begun"),
        fields.duration("took"),
        fields.text("extent"),
        fields.truth("complete"),
        fields.texts("machine"),
        fields.noise("noise"),
        fields.whole("seed"),
        fields.objects("participants").stream().map(ResultFile::participant).toList(),
        fields.objects("measurements").stream().map(ResultFile::measurement).toList(),
        fields.statements("failures"));
  }

  private static Participant participant(ResultFields fields) {
    return new Participant(
        fields.text("name"),
        fields.text("scheme"),
        fields.statement("server"),
        fields.one(Realness.class, "realness"));
  }

  private static Measurement measurement(ResultFields fields) {
    return new Measurement(
        fields.text("id"),
        fields.text("participant"),
        fields.text("client"),
        fields.number("roundTripMillis"),
        fields.text("unit"),
        fields.whole("samples"),
        fields.number("median"),
        fields.number("low"),
        fields.number("high"),
        fields.numberIfAny("p90"),
        fields.numberIfAny("p99"),
        fields.numberIfAny("p999"),
        fields.statement("warmUp"),
        fields.statements("notes"));
  }

  private static String text(ComparisonRun comparison) {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("format", ComparisonRun.FORMAT);
    head.put("begun", comparison.begun().toString());
    head.put("took", comparison.took().toString());
    head.put("extent", comparison.extent());
    head.put("complete", comparison.complete());
    head.put("machine", comparison.machine());
    head.put("noise", noise(comparison.noise()));
    head.put("seed", comparison.seed());
    head.put("failures", json(comparison.failures()));
    StringBuilder text = new StringBuilder("{\n");
    head.forEach(
        (key, value) ->
            text.append("  \"").append(key).append("\": ").append(Json.write(value)).append(",\n"));
    list(text, "participants", comparison.participants().stream().map(ResultFile::line).toList());
    text.append(",\n");
    list(text, "measurements", comparison.measurements().stream().map(ResultFile::line).toList());
    return text.append("\n}\n").toString();
  }

  private static void list(StringBuilder text, String key, List<String> lines) {
    List<String> indented = new ArrayList<>();
    lines.forEach(line -> indented.add("\n    " + line));
    text.append("  \"").append(key).append("\": [").append(String.join(",", indented));
    text.append(lines.isEmpty() ? "]" : "\n  ]");
  }

  private static String line(Participant participant) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", participant.name());
    fields.put("scheme", participant.scheme());
    fields.put("server", participant.server().json());
    fields.put("realness", participant.realness().name());
    return Json.write(fields);
  }

  private static String line(Measurement measurement) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", measurement.id());
    fields.put("participant", measurement.participant());
    fields.put("client", measurement.client());
    fields.put("roundTripMillis", exact(measurement.roundTripMillis()));
    fields.put("unit", measurement.unit());
    fields.put("samples", measurement.samples());
    fields.put("median", exact(measurement.median()));
    fields.put("low", exact(measurement.low()));
    fields.put("high", exact(measurement.high()));
    put(fields, "p90", measurement.p90());
    put(fields, "p99", measurement.p99());
    put(fields, "p999", measurement.p999());
    fields.put("warmUp", measurement.warmUp().json());
    fields.put("notes", json(measurement.notes()));
    return Json.write(fields);
  }

  /** Returns the JSON form of statements. */
  public static List<Object> json(List<ResultText> statements) {
    return statements.stream().<Object>map(ResultText::json).toList();
  }

  /** Returns the JSON form of a noise floor: pairs, in the order of the map. */
  public static List<Object> noise(Map<ResultText, BigDecimal> noise) {
    return noise.entrySet().stream()
        .<Object>map(each -> List.of(each.getKey().json(), each.getValue()))
        .toList();
  }

  private static void put(Map<String, @Nullable Object> fields, String key, OptionalDouble number) {
    if (number.isPresent()) {
      fields.put(key, exact(number.getAsDouble()));
    }
  }

  private static BigDecimal exact(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("figure: " + number + " (expected: a number)");
    }
    return BigDecimal.valueOf(number);
  }
}
