package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.CommandLine;
import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parsed command line. Immutable.
 *
 * @param result the file that was measured; empty if none is named
 * @param decisionFile the file of weights and judgements; empty for that of the program
 * @param priceFile the file of prices; empty for that of the program
 * @param languages to write
 * @param out the folder to write into
 * @param plan the options of the plan, as {@code bench/run cost} takes them
 */
record ReportRequest(
    String result,
    String decisionFile,
    String priceFile,
    List<Locale> languages,
    Path out,
    List<String> plan) {
  private static final String PRICES = "--prices";

  /** The options of the plan; the cost calculation checks their values. */
  private static final List<String> PLAN = PlanFigures.options();

  /** Returns the help; the list of all commands shows its first line. */
  static String usage() {
    return """
    Write the report by which a team chooses a backend, from a result of bench/run.

    Usage: secrets decide RESULT.json [OPTION VALUE]...
      --lang both             the languages: de, en or both
      --out decision-report   the folder to write into
      --decision FILE         weights and judgements; else those of this program
      --prices FILE           prices and quotas; else those of this program
      %s VALUE
                              the plan whose costs are calculated
    The folder gets copies of the two files to edit, unless it has them.\
    """
        .replace(
            "%s",
            String.join(", ", PLAN.subList(0, PLAN.size() / 2))
                + ",\n  "
                + String.join(", ", PLAN.subList(PLAN.size() / 2, PLAN.size())));
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  static ReportRequest of(List<String> args) {
    List<String> known = new ArrayList<>(PLAN);
    known.addAll(List.of("--lang", "--out", "--decision", PRICES));
    CommandLine line = CommandLine.of(args, known, 1);
    List<String> plan = new ArrayList<>();
    for (String option : PLAN) {
      line.all(option).forEach(value -> plan.addAll(List.of(option, value)));
    }
    String prices = line.last(PRICES, "");
    if (!prices.isEmpty()) {
      plan.addAll(List.of(PRICES, prices));
    }
    return new ReportRequest(
        String.join("", line.words()),
        line.last("--decision", ""),
        prices,
        languages(line.last("--lang", "both")),
        Path.of(line.last("--out", "decision-report")),
        plan);
  }

  DataFile decision() {
    return DataFile.of(decisionFile, "weights", "decision.properties");
  }

  DataFile prices() {
    return DataFile.of(priceFile, "prices", "prices.properties");
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
