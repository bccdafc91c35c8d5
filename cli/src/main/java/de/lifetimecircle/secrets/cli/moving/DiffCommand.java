package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryFileOption;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.moving.ComparedEnvironments;
import de.lifetimecircle.secrets.operations.moving.ComparedEnvironments.Compared;
import de.lifetimecircle.secrets.operations.moving.ComparedEnvironments.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares two environments without showing a value. */
@Command(
    name = "diff",
    description = {
      "Show which secrets are the same in two environments of the inventory, which differ and which"
          + " are missing. Compares digests under a key made for this run, and shows no value.",
      "Exits with 9 if one is missing or unreadable. 'secrets compare' compares two stores."
    },
    sortOptions = false)
public final class DiffCommand extends SessionCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "An environment, such as prod.")
  String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "The other one, such as staging.")
  String second = "";

  @Mixin InventoryFileOption file = new InventoryFileOption();

  @Override
  public Integer call() {
    if (first.equals(second)) {
      throw CommandFailure.usage("Cannot compare an environment with itself: name two.");
    }
    List<Compared> all = new ArrayList<>();
    try (SecretProvider provider = session.openStore()) {
      ComparedEnvironments both =
          new ComparedEnvironments(
              file.inventory().use(first, second), first, second, provider, SystemRandom.open());
      List<String> names = both.names();
      Progress progress = new Progress(session, "secrets compared");
      progress.expect(names.size());
      for (String name : names) {
        all.add(both.compare(name));
        progress.advance();
      }
    }
    boolean whole =
        all.stream()
            .noneMatch(
                each -> each.outcome() == Outcome.MISSING || each.outcome() == Outcome.UNREADABLE);
    int code = (whole ? ExitCode.OK : ExitCode.FOUND).code();
    if (session.json) {
      session.output().document(code, all.stream().map(Output::object).toList());
    } else {
      all.forEach(each -> session.output().line(line(each)));
    }
    return code;
  }

  private static String line(Compared each) {
    return Output.padded(each.outcome().name(), 12)
        + each.name()
        + (each.detail().isEmpty() ? "" : ": " + each.detail());
  }
}
