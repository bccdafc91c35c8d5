package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.cost.PriceSource.Origin;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the data file: one figure a line, with its day, origin and source. Not thread-safe. */
final class PriceFile {
  /** The beginning of the keys that are about no backend. */
  static final String WORK = "work.";

  private static final String HOUR = WORK + "dollars-per-hour";
  private static final String QUOTA = "quota.";
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*\\.[A-Za-z0-9.-]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  private final LocalDate today;
  private final Map<String, PriceSource> sources = new LinkedHashMap<>();
  private final Map<String, Map<PriceItem, PriceFigure>> prices = new LinkedHashMap<>();
  private final Map<String, List<CallQuota>> quotas = new LinkedHashMap<>();
  private final Map<String, String> given;
  private @Nullable PriceFigure hour;

  private PriceFile(LocalDate today, Map<String, String> given) {
    this.today = today;
    this.given = Map.copyOf(given);
  }

  /**
   * Reads a file.
   *
   * @param given values by key that count instead of the file's, or beside it
   * @param today the day that no figure may be younger than
   * @throws IllegalArgumentException what is wrong with it, in one sentence
   */
  static PriceList read(DataFile file, Map<String, String> given, LocalDate today) {
    PriceFile reader = new PriceFile(today, given);
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          reader.line(line);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              file.name() + " line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    reader.commandLine();
    try {
      return reader.list();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file.name() + ": " + e.getMessage(), e);
    }
  }

  private void line(String line) {
    int equals = line.indexOf('=');
    List<String> parts = new ArrayList<>();
    for (String part : line.substring(equals + 1).split("\\|", -1)) {
      parts.add(part.strip());
    }
    if (equals < 1 || parts.size() < 4 || parts.size() > 5 || parts.contains("")) {
      throw new IllegalArgumentException(
          "expected: key = value | day | origin | source | source in German");
    }
    String key = line.substring(0, equals).strip();
    if (sources.containsKey(key)) {
      throw new IllegalArgumentException(key + " is there twice");
    }
    // Checked in any case, so that a broken line does not hide behind the command line.
    PriceSource source =
        new PriceSource(
            day(parts.get(1)), origin(parts.get(2)), SourceText.of(parts.subList(3, parts.size())));
    if (given.containsKey(key)) {
      sources.put(key, source); // keeps its place in the order of the file
    } else {
      add(key, parts.get(0), source);
    }
  }

  /**
   * Reads the figures of the command line, which replace those of the file or are added to them.
   */
  private void commandLine() {
    given.forEach(this::give);
  }

  private void give(String key, String value) {
    try {
      SourceText text =
          new SourceText("given on the command line", "auf der Kommandozeile angegeben");
      add(key, value, new PriceSource(today, Origin.GIVEN, text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--set: " + e.getMessage(), e);
    }
  }

  private void add(String key, String value, PriceSource source) {
    try {
      place(key, value, source);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
    sources.put(key, source);
  }

  private void place(String key, String value, PriceSource source) {
    if (key.equals(HOUR)) {
      hour = new PriceFigure(number(value), source);
      return;
    }
    if (!KEY.matcher(key).matches()) {
      throw unknown();
    }
    String scheme = key.substring(0, key.indexOf('.'));
    String rest = key.substring(key.indexOf('.') + 1);
    if (rest.startsWith(QUOTA) && rest.length() > QUOTA.length()) {
      quotas
          .computeIfAbsent(scheme, s -> new ArrayList<>())
          .add(CallQuota.of(rest.substring(QUOTA.length()), value, source));
      return;
    }
    PriceItem item = PriceItem.named(rest).orElseThrow(PriceFile::unknown);
    BigDecimal number = number(value);
    item.require(number);
    prices
        .computeIfAbsent(scheme, s -> new EnumMap<>(PriceItem.class))
        .put(item, new PriceFigure(number, source));
  }

  private static IllegalArgumentException unknown() {
    String items =
        Arrays.stream(PriceItem.values()).map(PriceItem::word).collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "unknown key (expected: " + HOUR + ", or BACKEND. and quota.NAME, " + items + ")");
  }

  private static BigDecimal number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(text + " (expected: a number, 0 or more, such as 0.40)");
    }
    return new BigDecimal(text);
  }

  private LocalDate day(String text) {
    LocalDate day;
    try {
      day = LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text + " (expected: a day such as 2026-11-25)", e);
    }
    if (day.isAfter(today)) {
      throw new IllegalArgumentException(text + " (expected: a day that has come)");
    }
    return day;
  }

  private static Origin origin(String text) {
    for (Origin origin : Origin.values()) {
      if (origin != Origin.GIVEN && origin.word().equals(text)) {
        return origin;
      }
    }
    throw new IllegalArgumentException(text + " (expected: vendor, quoted, counted or judgement)");
  }

  private PriceList list() {
    if (hour == null) {
      throw new IllegalArgumentException("lacks the key " + HOUR);
    }
    Map<String, BackendTariff> tariffs = new LinkedHashMap<>();
    prices.forEach(
        (scheme, items) ->
            tariffs.put(
                scheme, new BackendTariff(scheme, items, quotas.getOrDefault(scheme, List.of()))));
    for (String scheme : quotas.keySet()) {
      if (!tariffs.containsKey(scheme)) {
        throw new IllegalArgumentException("backend '" + scheme + "' has a quota and no prices");
      }
    }
    if (tariffs.isEmpty()) {
      throw new IllegalArgumentException("names no backend");
    }
    return new PriceList(tariffs, hour, sources);
  }
}
