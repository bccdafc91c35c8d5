package de.lifetimecircle.secrets.bench.setup;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Measures how long the first secret takes by the documents, where no account is needed, and adds
 * that to the result of a comparison. Ends with 0 when all could be walked, 1 when one could not,
 * which it names; the others are written. 1 also when the file cannot be read or written.
 */
public final class SetUpProgram {
  private static final int ROUNDS = 3;
  private static final double NANOS_OF_MILLI = 1e6;

  private final PrintStream err;

  SetUpProgram(PrintStream err) {
    this.err = err;
  }

  /**
   * Measures and writes.
   *
   * @param args the result, the launcher of the command line, the program of OpenBao
   */
  public static void main(String[] args) {
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    if (args.length != 3) {
      err.println("Usage: SetUpProgram FILE LAUNCHER BAO");
      System.exit(2);
    }
    List<SetUp> setUps =
        List.of(new SetUp.OfFiles(absolute(args[1])), new SetUp.OfOpenBao(absolute(args[2])));
    System.exit(new SetUpProgram(err).run(Path.of(args[0]), setUps));
  }

  private static Path absolute(String file) {
    return Path.of(file).toAbsolutePath();
  }

  int run(Path file, List<SetUp> setUps) {
    int code = 0;
    List<Measurement> measured = new ArrayList<>();
    for (SetUp setUp : setUps) {
      try {
        if (!Files.isExecutable(setUp.program())) {
          throw new IOException(
              "Cannot set up: " + setUp.program().getFileName() + " is not installed");
        }
        measured.add(measured(setUp, file));
      } catch (IOException e) {
        err.println(setUp.scheme() + ": " + e.getMessage());
        code = 1;
      }
    }
    try {
      ComparisonRun result = ResultFile.read(file);
      List<Measurement> all = new ArrayList<>(result.measurements());
      all.removeIf(each -> each.id().equals(Measurement.SET_UP));
      all.addAll(measured);
      ResultFile.write(file, result.with(all));
    } catch (IllegalArgumentException | UncheckedIOException | SecretException e) {
      err.println(e.getMessage());
      code = 1;
    }
    return code;
  }

  private static Measurement measured(SetUp setUp, Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      millis[i] = setUp.measure(folder).toNanos() / NANOS_OF_MILLI;
    }
    Arrays.sort(millis);
    return new Measurement(
        Measurement.SET_UP,
        setUp.scheme(),
        Measurement.PROVIDER,
        0,
        "ms",
        ROUNDS,
        millis[ROUNDS / 2],
        millis[0],
        millis[ROUNDS - 1],
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        ResultText.of("warm.nothing"),
        setUp.steps());
  }
}
