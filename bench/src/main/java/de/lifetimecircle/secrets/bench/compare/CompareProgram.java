package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.MachineFacts;
import de.lifetimecircle.secrets.decision.results.RankingComparison;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Measures backends beside each other, or says whether two results agree. Ends with 0 when all that
 * was planned was measured, 1 when something could not be or two results contradict each other, 2
 * when it was asked wrongly.
 */
public final class CompareProgram {
  private static final int FAILED = 1;
  private static final int ASKED_WRONGLY = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  CompareProgram(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Does what the arguments say.
   *
   * @param args see {@code bench/run compare --help}
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(new CompareProgram(out, err, System.getenv()).run(List.of(args)));
  }

  int run(List<String> args) {
    if (args.contains("--help")) {
      out.println(CompareRequest.usage());
      return 0;
    }
    try {
      return args.contains("--agree") ? agree(args) : compare(CompareRequest.of(args, environment));
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return ASKED_WRONGLY;
    } catch (UncheckedIOException | IllegalStateException | SecretException e) {
      err.println(e.getMessage());
      return FAILED;
    } catch (IOException e) {
      err.println("Cannot go on measuring: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("Interrupted.");
      return FAILED;
    }
  }

  private int agree(List<String> args) {
    if (args.size() != 3 || !args.get(0).equals("--agree")) {
      throw new IllegalArgumentException("--agree: expected two result files and nothing else");
    }
    RankingComparison agreement =
        RankingComparison.of(
            ResultFile.read(Path.of(args.get(1))), ResultFile.read(Path.of(args.get(2))));
    out.print(agreement.text());
    return agreement.contradictions().isEmpty() ? 0 : FAILED;
  }

  private int compare(CompareRequest request) throws IOException, InterruptedException {
    Map<String, String> machine = MachineFacts.facts(InstantSource.system());
    try (ComparisonProgramRun comparing =
        new ComparisonProgramRun(request, machine, environment, err)) {
      return comparing.go() ? 0 : FAILED;
    }
  }
}
