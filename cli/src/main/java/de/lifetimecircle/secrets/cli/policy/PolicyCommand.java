package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the least rights that somebody needs. */
@Command(
    name = "policy",
    description = {
      "Write the least rights of the service, a deployment or who rotates, as the backend of"
          + " --backend takes them: aws, azure, vault or gpg.",
      "Asks no backend; see the inventory for its facts (region, account, ...)."
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
      description = "service, ci or rotator.")
  String who = "";

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    String backend = session.backend;
    if (backend == null || !AccessPolicy.BACKENDS.contains(backend)) {
      throw CommandFailure.usage(
          "Cannot write the policy: give --backend with one of "
              + String.join(", ", AccessPolicy.BACKENDS)
              + ".");
    }
    AccessPolicy.Audience audience = ReaderOption.of(who, AccessPolicy.Audience.values());
    String text = AccessPolicy.text(inventory.read(), inventory.environment, audience, backend);
    if (session.json) {
      session.output().document(Map.of("policy", text));
    } else {
      session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
