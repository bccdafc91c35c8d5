package de.lifetimecircle.secrets.decision.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The parsed command line. Immutable.
 *
 * @param result the file that was measured
 * @param decision the file of weights and judgements
 * @param languages to write
 * @param out the folder to write into
 * @param plan the options of the plan, as {@code bench/run cost} takes them
 */
record ReportRequest(
    Path result, Path decision, List<Locale> languages, Path out, List<String> plan) {
  /** The options of the plan; the cost calculation checks their values. */
  private static final List<String> PLAN =
      List.of(
          "--secrets",
          "--instances",
          "--reads",
          "--soft-age",
          "--jitter",
          "--idle",
          "--rotations",
          "--starts",
          "--spread",
          "--prices",
          "--set");

  private static final Map<String, String> DEFAULTS = defaults();

  private static Map<String, String> defaults() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--lang", "both");
    options.put("--out", "bench/target/report");
    options.put("--result", "bench/target/results/compare.json");
    options.put("--decision", "decision/decision.properties");
    return options;
  }

  /** How to call it, in one line. */
  static String usage() {
    StringBuilder text = new StringBuilder("Usage: bench/run report [--quick]");
    DEFAULTS.forEach(
        (option, value) -> text.append(" [").append(option).append(' ').append(value).append(']'));
    return text.append(" [a plan as bench/run cost takes it: ")
        .append(String.join(", ", PLAN))
        .append("]")
        .toString();
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  static ReportRequest of(List<String> args) {
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    if (args.contains("--quick")) { // a file that is named wins, wherever it stands
      values.put("--result", "bench/target/results/compare-quick.json");
    }
    List<String> plan = new ArrayList<>();
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      if (DEFAULTS.containsKey(option)) {
        values.put(option, following(option, rest));
      } else if (PLAN.contains(option)) {
        plan.add(option);
        plan.add(following(option, rest));
      } else if (!option.equals("--quick")) {
        throw new IllegalArgumentException("Unknown argument: " + option);
      }
    }
    return new ReportRequest(
        path(values, "--result"),
        path(values, "--decision"),
        languages(values.getOrDefault("--lang", "")),
        path(values, "--out"),
        List.copyOf(plan));
  }

  private static Path path(Map<String, String> values, String option) {
    return Path.of(values.getOrDefault(option, ""));
  }

  private static String following(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + ": nothing (expected: a value)");
    }
    return rest.next();
  }

  private static List<Locale> languages(String word) {
    return switch (word) {
      case "both" -> ReportText.LANGUAGES;
      case "de" -> List.of(Locale.GERMAN);
      case "en" -> List.of(Locale.ENGLISH);
      default ->
          throw new IllegalArgumentException("--lang: " + word + " (expected: de, en or both)");
    };
  }
}
