package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The parsed command line. Immutable.
 *
 * @param plan the plan
 * @param backends the schemes to assess; none for all
 * @param priceFile the data file; empty for that of the program
 * @param given figures that replace those in the file
 * @param seed of the simulated day
 * @param json where to write the same as JSON; empty for nowhere
 */
record CostRequest(
    CostPlan plan,
    List<String> backends,
    String priceFile,
    Map<String, String> given,
    long seed,
    String json) {
  private static final Pattern TIME = Pattern.compile("[0-9]{1,9}(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,6})?");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

  /** The options with one value and their defaults, which are the case in docs/cost.md. */
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("--secrets", "3");
    DEFAULTS.put("--instances", "4");
    DEFAULTS.put("--reads", "50");
    DEFAULTS.put("--soft-age", "5m");
    DEFAULTS.put("--jitter", "20");
    DEFAULTS.put("--idle", "1h");
    DEFAULTS.put("--rotations", "1");
    DEFAULTS.put("--starts", "1");
    DEFAULTS.put("--spread", "1s");
    DEFAULTS.put("--prices", "");
    DEFAULTS.put("--seed", "1");
    DEFAULTS.put("--json", "");
  }

  /** How to call it, in one line. */
  static String usage() {
    StringBuilder text = new StringBuilder("Usage: bench/run cost");
    DEFAULTS.forEach(
        (option, value) ->
            text.append(" [" + option + " " + (value.isEmpty() ? "FILE" : value) + "]"));
    return text.append(" [--backend SCHEME]... [--set KEY=VALUE]...").toString();
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  static CostRequest of(List<String> args) {
    List<String> known = new ArrayList<>(DEFAULTS.keySet());
    known.addAll(List.of("--backend", "--set"));
    CommandLine line = CommandLine.of(args, known, 0);
    Map<String, String> given = new LinkedHashMap<>();
    line.all("--set").forEach(text -> set(text, given));
    return new CostRequest(
        plan(line),
        line.all("--backend").stream().distinct().toList(),
        text(line, "--prices"),
        given,
        whole(line, "--seed", Integer.MIN_VALUE, Integer.MAX_VALUE),
        text(line, "--json"));
  }

  private static CostPlan plan(CommandLine line) {
    return new CostPlan(
        whole(line, "--secrets", 1, 1_000_000),
        whole(line, "--instances", 1, 1_000_000),
        number(line, "--reads", 1_000_000_000),
        time(line, "--soft-age", Duration.ofDays(30)),
        whole(line, "--jitter", 0, 50),
        time(line, "--idle", Duration.ofDays(30)),
        number(line, "--rotations", 100_000),
        number(line, "--starts", 1440),
        time(line, "--spread", Duration.ofHours(12)));
  }

  DataFile prices() {
    return DataFile.of(priceFile, "prices", "prices.properties");
  }

  private static void set(String text, Map<String, String> given) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "--set: " + text + " (expected: KEY=VALUE, such as vault.hours-a-month=4)");
    }
    given.put(text.substring(0, equals), text.substring(equals + 1));
  }

  private static String text(CommandLine line, String option) {
    return line.last(option, DEFAULTS.getOrDefault(option, ""));
  }

  private static int whole(CommandLine line, String option, int least, int most) {
    int number = Integer.parseInt(checked(line, option, WHOLE, "a whole number"));
    return FigureRange.require(option, number, least, most);
  }

  private static BigDecimal number(CommandLine line, String option, int most) {
    BigDecimal number = new BigDecimal(checked(line, option, NUMBER, "a number"));
    return FigureRange.require(option, number, BigDecimal.ZERO, BigDecimal.valueOf(most));
  }

  private static Duration time(CommandLine line, String option, Duration most) {
    String text = checked(line, option, TIME, "a time such as 30s, 5m or 1h");
    String unit = text.replaceFirst("[0-9]+", "");
    long count = Long.parseLong(text.substring(0, text.length() - unit.length()));
    Duration time = Duration.of(count, Objects.requireNonNull(UNITS.get(unit)));
    return FigureRange.require(option, time, Duration.ofSeconds(1), most);
  }

  private static String checked(CommandLine line, String option, Pattern form, String expected) {
    String text = text(line, option);
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException(option + ": " + text + " (expected: " + expected + ")");
    }
    return text;
  }
}
