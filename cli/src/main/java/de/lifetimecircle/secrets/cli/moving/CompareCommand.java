package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.moving.ComparedSecret;
import de.lifetimecircle.secrets.operations.moving.StoreComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares two stores without showing a value. */
@Command(
    name = "compare",
    description = {
      "Show which secrets are the same in two stores, which differ and which are in one only."
          + " Compares digests under a key made for this run, and shows no value.",
      "Exits with 9 if the stores differ."
    },
    sortOptions = false)
public final class CompareCommand extends SessionCommand implements Callable<Integer> {
  @Mixin TwoStores stores = new TwoStores();

  @Override
  public Integer call() {
    stores.requireSense(session);
    try (SecretProvider first = stores.first(session).build();
        SecretProvider second = stores.second(session).build()) {
      StoreComparison comparison = new StoreComparison(first, second, SystemRandom.open());
      List<String> names =
          stores.names.isEmpty()
              ? comparison.names(
                  stores.listed(session), name -> TwoStores.tellLeftOut(name, session))
              : stores.given(session);
      if (names.isEmpty()) {
        TwoStores.requireStore(first);
      }
      Progress progress = new Progress(session, "secrets compared");
      progress.expect(names.size());
      List<ComparedSecret> results = new ArrayList<>();
      for (String name : names) {
        results.add(comparison.compare(name));
        progress.advance();
      }
      ExitCode code = isSame(results) ? ExitCode.OK : ExitCode.FOUND;
      print(session, results, code);
      return code.code();
    }
  }

  static boolean isSame(List<ComparedSecret> results) {
    return results.stream().allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
  }

  static void print(CommandSession session, List<ComparedSecret> results, ExitCode code) {
    if (session.json) {
      session
          .output()
          .document(code.code(), Map.of("secrets", results.stream().map(Output::object).toList()));
      return;
    }
    for (ComparedSecret result : results) {
      String detail = result.detail().isEmpty() ? "" : ": " + result.detail();
      session.output().line(Output.padded(words(result), 16) + result.name() + detail);
    }
  }

  private static String words(ComparedSecret result) {
    return switch (result.outcome()) {
      case SAME -> "SAME";
      case DIFFERS -> "DIFFERS";
      case ONLY_FIRST -> "ONLY IN FIRST";
      case ONLY_SECOND -> "ONLY IN SECOND";
      case UNREADABLE -> "UNREADABLE";
    };
  }
}
