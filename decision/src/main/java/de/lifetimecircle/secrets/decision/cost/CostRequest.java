package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parsed command line. Immutable.
 *
 * @param plan the plan
 * @param backends the schemes to assess; none for all
 * @param priceFile the data file; empty for that of the program
 * @param given figures that replace those in the file
 * @param seed of the simulated day
 * @param json where to write the same as JSON, or null
 */
record CostRequest(
    CostPlan plan,
    List<String> backends,
    String priceFile,
    Map<String, String> given,
    long seed,
    @Nullable Path json) {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,6})?");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

  /** The options with one value and their defaults, which are the case in docs/cost.md. */
  private static final Map<String, String> DEFAULTS = defaults();

  private static Map<String, String> defaults() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--secrets", "3");
    options.put("--instances", "4");
    options.put("--reads", "50");
    options.put("--soft-age", "5m");
    options.put("--jitter", "20");
    options.put("--idle", "1h");
    options.put("--rotations", "1");
    options.put("--starts", "1");
    options.put("--spread", "1s");
    options.put("--prices", "");
    options.put("--seed", "1");
    options.put("--json", "");
    return options;
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
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    List<String> backends = new ArrayList<>();
    Map<String, String> given = new LinkedHashMap<>();
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      if (option.equals("--backend")) {
        backends.add(following(option, rest));
      } else if (option.equals("--set")) {
        set(following(option, rest), given);
      } else if (DEFAULTS.containsKey(option)) {
        values.put(option, following(option, rest));
      } else {
        throw new IllegalArgumentException("Unknown argument: " + option);
      }
    }
    Options options = new Options(values);
    String json = options.text("--json");
    return new CostRequest(
        options.plan(),
        backends.stream().distinct().toList(),
        options.text("--prices"),
        given,
        options.whole("--seed"),
        json.isEmpty() ? null : Path.of(json));
  }

  DataFile prices() {
    return DataFile.of(priceFile, "prices", "prices.properties");
  }

  private static String following(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + ": nothing (expected: a value)");
    }
    return rest.next();
  }

  private static void set(String text, Map<String, String> given) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "--set: " + text + " (expected: KEY=VALUE, such as vault.hours-a-month=4)");
    }
    given.put(text.substring(0, equals), text.substring(equals + 1));
  }

  /** The values of the options, still as they were written. */
  private record Options(Map<String, String> values) {
    CostPlan plan() {
      return new CostPlan(
          whole("--secrets"),
          whole("--instances"),
          number("--reads"),
          time("--soft-age"),
          whole("--jitter"),
          time("--idle"),
          number("--rotations"),
          number("--starts"),
          time("--spread"));
    }

    String text(String option) {
      return values.getOrDefault(option, "");
    }

    int whole(String option) {
      return Integer.parseInt(checked(option, WHOLE, "a whole number"));
    }

    private BigDecimal number(String option) {
      return new BigDecimal(checked(option, NUMBER, "a number"));
    }

    private Duration time(String option) {
      Matcher time = TIME.matcher(checked(option, TIME, "a time such as 30s, 5m or 1h"));
      if (!time.matches()) {
        throw new IllegalStateException(option);
      }
      long count = Long.parseLong(time.group(1));
      return switch (time.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }

    private String checked(String option, Pattern form, String expected) {
      String text = text(option);
      if (!form.matcher(text).matches()) {
        throw new IllegalArgumentException(option + ": " + text + " (expected: " + expected + ")");
      }
      return text;
    }
  }
}
