package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
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
  /** The first word of the keys that are about no backend. */
  static final String WORK = "work";

  private static final String HOUR = WORK + ".dollars-per-hour";
  private static final String QUOTA = "quota.";
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*\\.[A-Za-z0-9.-]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  private final LocalDate today;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Map<PriceItem, BigDecimal>> prices = new LinkedHashMap<>();
  private final Map<String, List<CallQuota>> quotas = new LinkedHashMap<>();
  private final Map<String, String> given;
  private @Nullable BigDecimal hour;

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
    file.read(reader::line);
    given.forEach((key, value) -> DataFile.check("--set", () -> reader.give(key, value)));
    return DataFile.at(file.name(), reader::list);
  }

  private void line(String key, String value) {
    List<String> cells =
        DataFile.cells(
            key.isEmpty() ? "" : value, "key = value | day | origin | source | source in German");
    if (sources.containsKey(key)) {
      throw new IllegalArgumentException(key + " is there twice");
    }
    // Checked in any case, so that a broken line does not hide behind the command line.
    Source source =
        Source.of(
            cells.get(1), today, cells.get(2), Origin.JUDGEMENT, cells.subList(3, cells.size()));
    sources.put(key, source); // keeps its place in the order of the file
    if (!given.containsKey(key)) {
      DataFile.check(key, () -> place(key, cells.get(0)));
    }
  }

  /** Takes a figure of the command line in the place of the file's, or beside it. */
  private void give(String key, String value) {
    DataFile.check(key, () -> place(key, value));
    SourceText text =
        new SourceText("given on the command line", "auf der Kommandozeile angegeben");
    sources.put(key, new Source(today, Origin.GIVEN, text));
  }

  private void place(String key, String value) {
    if (key.equals(HOUR)) {
      hour = number(value);
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
          .add(CallQuota.of(rest.substring(QUOTA.length()), value));
      return;
    }
    PriceItem item = PriceItem.named(rest).orElseThrow(PriceFile::unknown);
    BigDecimal number = number(value);
    item.require(number);
    prices.computeIfAbsent(scheme, s -> new EnumMap<>(PriceItem.class)).put(item, number);
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
