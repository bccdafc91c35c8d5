package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.CheckFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who this program is for the backend, and what it may read. */
@Command(
    name = "whoami",
    description = {
      "Show who you are for the backend: principal, source of the credentials and their end.",
      "With an inventory also which of its secrets you may read; --no-read leaves that out, because"
          + " the only proof is a read, which the backend's log shows."
    },
    sortOptions = false)
final class WhoamiCommand extends SessionCommand implements Runnable {
  @Option(names = "--no-read", description = "Do not try what may be read.")
  boolean noRead;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    Map<String, String> facts = new LinkedHashMap<>();
    List<Reads> reads = new ArrayList<>();
    try (SecretProvider provider = session.openToReport()) {
      Map<String, String> check = provider.check();
      provider.settings().stream()
          .filter(setting -> setting.key().equals("backend"))
          .forEach(setting -> backend(setting, facts));
      check.forEach(
          (key, value) -> {
            if (CheckFacts.CALLER.contains(key)) {
              facts.put(key, value);
            }
          });
      facts.put("user of this machine", System.getProperty("user.name", "unknown"));
      if (!noRead && inventory.inReach()) {
        reads.addAll(reads(provider));
      }
    }
    if (session.json) {
      Map<String, Object> document = new LinkedHashMap<>(Output.members(facts));
      document.put("reads", reads.stream().map(Reads::document).toList());
      session.output().document(document);
      return;
    }
    reads.forEach(each -> facts.put(each.environment() + ": " + each.outcome(), each.text()));
    session.output().facts(facts);
  }

  private void backend(Setting setting, Map<String, String> facts) {
    if (session.json) {
      facts.put("backend", setting.value());
      facts.put("backend source", setting.source());
    } else {
      facts.put("backend", setting.value() + " (from " + setting.source() + ")");
    }
  }

  /** The secrets of an environment whose read had the same outcome. */
  private record Reads(String environment, String outcome, List<String> names, int of) {
    private String text() {
      return names.size() + " of " + of + ": " + String.join(", ", names);
    }

    private Map<String, Object> document() {
      return Output.object(
          "environment", environment,
          "outcome", outcome.replace(' ', '-'),
          "names", names,
          "of", of);
    }
  }

  private List<Reads> reads(SecretProvider provider) {
    Inventory read = inventory.read();
    List<Reads> reads = new ArrayList<>();
    for (ServiceEnvironment environment : read.environments(inventory.environment)) {
      List<String> names =
          read.secrets(environment).stream()
              .map(secret -> environment.stored(secret.name()))
              .toList();
      Map<String, List<String>> outcomes = new TreeMap<>();
      provider
          .getAll(names)
          .forEach(
              (name, result) ->
                  outcomes.computeIfAbsent(outcome(result), each -> new ArrayList<>()).add(name));
      outcomes.forEach(
          (outcome, of) -> reads.add(new Reads(environment.name(), outcome, of, names.size())));
    }
    return reads;
  }

  private static String outcome(SecretResult result) {
    try {
      var unused = result.orElseThrow();
      return "may read";
    } catch (SecretException e) {
      return e.kind() == SecretException.Kind.ACCESS_DENIED
          ? "may not read"
          : EnumText.of(e.kind());
    }
  }
}
