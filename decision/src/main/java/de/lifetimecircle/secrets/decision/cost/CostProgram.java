package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Says what a plan costs on each backend, and which quotas it breaks. Ends with 0 when it could
 * say, 2 when it was asked wrongly or the data file is broken.
 *
 * @param today the day by which it judges the age of prices
 */
public record CostProgram(PrintStream out, PrintStream err, LocalDate today) {
  /**
   * Assesses what the arguments describe.
   *
   * @param args see {@code bench/run cost --help}
   */
  public static void main(String[] args) {
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(new CostProgram(out, err, today).run(List.of(args)));
  }

  /** Assesses what the arguments describe, and returns the exit code. */
  public int run(List<String> args) {
    if (args.contains("--help")) {
      out.println(CostRequest.USAGE);
      return 0;
    }
    try {
      CostRequest request = CommandOptions.read(new CostRequest(), args);
      PlanFigures figures = PlanFigures.of(request, today);
      out.print(new CostTable(figures).text());
      if (!request.json.isEmpty()) {
        write(Path.of(request.json), CostJson.text(figures));
      }
      return 0;
    } catch (IllegalArgumentException | SecretException e) {
      err.println(e.getMessage());
      return 2;
    }
  }

  private void write(Path file, String json) {
    try {
      AtomicFile.writeInFolder(file, json);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot write " + file + ": " + FileFailure.reason(e), e);
    }
    err.println("The same as JSON: " + file);
  }
}
