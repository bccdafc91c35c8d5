package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts how often the commands that look at every secret of an inventory ask the backend: goal v.
 * The commands run by the shipped launcher, once each, against the test server of Key Vault, which
 * counts requests and needs no program. Stateless.
 */
public final class CallSuite implements BenchSuite {
  private static final String GOAL = "v";
  private static final int SECRETS = 20;
  private static final int MOST_CALLS = 2;

  /** The exit code of a command that has found something to do. */
  private static final int TO_DO = 9;

  private static final String HEAD =
      """
      version: 1
      service: bench
      owner: Bench
      contact: bench@bench.example
      time-zone: Europe/Berlin
      environments:
        prod:
          prefix: prod/
          azure:
            subscription: 00000000-0000-0000-0000-000000000000
            resource-group: bench
            vault: bench
      secrets:
      """;

  private static final String SECRET =
      """
        SECRET_@:
          description: Secret number @ of the benchmark
          generator: hex 32
          validation:
            min-length: 32
          rotation:
            every: 3 months
            on: [03-01, 06-01, 09-01, 12-01]
          readers: [service]
      """;

  @Override
  public String name() {
    return "calls";
  }

  @Override
  public List<String> goals() {
    return List.of(GOAL);
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    Path folder = Files.createTempDirectory("secrets-bench");
    try (KeyVaultServer server = KeyVaultServer.builder().start()) {
      String inventory = inventory(folder);
      Backend backend = Backend.of(server, server.certificates().writePem(folder));
      Map<String, String> environment = StartSuite.environment("azure", backend.settings());
      String made =
          StartSuite.secrets("generate", "--all", "--inventory", inventory).in(environment).run("");
      if (!made.contains("SECRET_0")) {
        throw new IOException("secrets generate --all made nothing");
      }
      List<BenchFigure> figures = new ArrayList<>();
      for (List<String> command :
          List.of(List.of("status"), List.of("check"), List.of("handover", "--to", "devops"))) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--inventory", inventory));
        figures.add(
            calls(server, StartSuite.secrets(words.toArray(String[]::new)).in(environment)));
      }
      return figures;
    } finally {
      WholeFolders.delete(folder);
    }
  }

  private static BenchFigure calls(KeyVaultServer server, MeasuredProgram program)
      throws IOException, InterruptedException {
    int before = server.requests();
    MeasuredProgram.Ended ended = program.ended("");
    int calls = server.requests() - before;
    String what =
        String.format(Locale.ROOT, "secrets %s, %d secrets", program.command().get(1), SECRETS);
    if (ended.code() != 0 && ended.code() != TO_DO) {
      return BenchFigure.missing(GOAL, what, "it ended with " + ended.code());
    }
    if (calls < SECRETS) {
      return BenchFigure.missing(GOAL, what, calls + " calls: it did not ask for each secret");
    }
    return BenchFigure.checked(
            GOAL, what, (double) calls / SECRETS, "calls a secret", Limit.atMost(MOST_CALLS))
        .noted(String.format(Locale.ROOT, "%d calls", calls));
  }

  private static String inventory(Path folder) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < SECRETS; i++) {
      text.append(SECRET.replace("@", String.valueOf(i)).indent(2));
    }
    return Files.writeString(folder.resolve("secrets.yaml"), text).toString();
  }
}
