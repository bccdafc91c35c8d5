package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.PlanOptions;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The options of {@code secrets decide}. Not changed after {@link CommandOptions} has read them.
 */
final class ReportRequest {
  /** The help; the list of all commands shows its first line. */
  static final String USAGE =
      """
      Write the report by which a team chooses a backend, from a result of bench/run.

      Usage: secrets decide RESULT.json [OPTION VALUE]...
        --lang both             the languages: de, en or both
        --out decision-report   the folder to write into
        --decision FILE         weights and judgements; else those of this program
        --prices FILE           prices and quotas; else those of this program
        --secrets, --instances, --reads, --soft-age, --jitter,
        --idle, --rotations, --starts, --spread, --set VALUE
                                the plan whose costs are calculated
      The folder gets copies of the two files to edit, unless it has them.\
      """;

  /** The file that was measured; empty if none is named. */
  @Parameters(arity = "0..1")
  String result = "";

  /** Only reads what people edit, so that a mistake shows before half an hour of measuring. */
  @Option(names = "--check")
  boolean isCheck;

  @Option(names = "--lang")
  private String language = "both";

  /** The folder to write into. */
  @Option(names = "--out")
  Path out = Path.of("decision-report");

  @Option(names = "--decision")
  private String decision = "";

  @Mixin PlanOptions plan = new PlanOptions();

  /** Returns the file of weights and judgements: the named one, or else that of the program. */
  DataFile decision() {
    return DataFile.of(decision, "weights", "decision.properties");
  }

  /** Returns the languages to write. */
  List<Language> languages() {
    return language.equals("both")
        ? List.of(Language.values())
        : Language.of(language)
            .map(List::of)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--lang: " + language + " (expected: de, en or both)"));
  }
}
