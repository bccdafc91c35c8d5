package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a least-privilege policy for one kind of user. */
@Command(
    name = "policy",
    description = {
      "Write the least-privilege policy of the service, a deployment or a rotator, in the form of"
          + " the backend that --backend names: aws, azure, vault or gpg.",
      "Does not contact the backend: its facts (region, account, ...) come from the inventory."
    })
public final class PolicyCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public PolicyCommand(CommandSession session) {
    this.session = session;
  }

  @Option(
      names = "--for",
      paramLabel = "WHO",
      required = true,
      description = "The role: service, ci or rotator.")
  String who = "";

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    String backend = session.backend;
    if (backend == null || !AccessPolicy.BACKENDS.contains(backend)) {
      throw CommandFailure.usage(
          "Cannot write the policy: add --backend with one of "
              + String.join(", ", AccessPolicy.BACKENDS)
              + ".");
    }
    AccessPolicy.Audience audience = ReaderOption.of(who, AccessPolicy.Audience.values());
    Inventory read = inventory.read();
    String text = AccessPolicy.text(read, inventory.environment, audience, backend);
    Placeholders.warning(Placeholders.in(read, read.environment(inventory.environment), backend))
        .ifPresent(warning -> session.hint(read.source() + " " + warning));
    if (session.json) {
      session.output().document(Map.of("policy", text));
    } else {
      session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
