package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.MissingStore;
import de.lifetimecircle.secrets.cli.console.NameCache;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the names of secrets. */
@Command(
    name = "list",
    aliases = "ls",
    description = "List the names of secrets, sorted, one per line.")
public final class ListCommand extends SessionCommand implements Runnable {
  @Parameters(
      paramLabel = "PREFIX",
      arity = "0..1",
      description = "List only names with this prefix.")
  String prefix = "";

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    try (SecretProvider provider = session.openProvider()) {
      List<String> names = List.copyOf(names(provider));
      if (prefix.isEmpty() && !inventory.given()) {
        NameCache.keep(session.environment, StoreSettings.backend(provider), names);
      }
      if (names.isEmpty()) {
        requireStore(provider);
      }
      if (session.json) {
        session.output().document(names);
      } else {
        names.forEach(session.output()::line);
      }
    }
  }

  private void requireStore(SecretProvider provider) {
    MissingStore.reject(
        provider,
        place ->
            "Cannot list secrets: there is no store in "
                + place
                + " yet. Store a first secret, or choose another store: '"
                + session.command("doctor")
                + "' shows the settings.");
  }

  /** A prefix may lack the prefix of an environment too, so that both names of a secret match. */
  private Set<String> names(SecretProvider provider) {
    boolean isNarrow = !prefix.isEmpty() || inventory.given();
    List<String> starts = isNarrow ? inventory.prefixes(session) : List.of();
    Set<String> names = new TreeSet<>();
    if (inventory.environment.isEmpty()) {
      names.addAll(provider.list(inventory.wholePrefix(session, prefix)));
    }
    for (String start : starts) {
      if (!prefix.startsWith(start)) {
        names.addAll(provider.list(start + prefix));
      } else if (inventory.given()) {
        names.addAll(provider.list(prefix));
      }
    }
    return names;
  }
}
