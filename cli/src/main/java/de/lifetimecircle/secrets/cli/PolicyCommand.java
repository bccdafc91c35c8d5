package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.operations.Policy;
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
final class PolicyCommand implements Runnable {
  private final Session session;

  PolicyCommand(Session session) {
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
    if (backend == null || !Policy.BACKENDS.contains(backend)) {
      throw CommandFailure.usage(
          "Cannot write the policy: give --backend with one of "
              + String.join(", ", Policy.BACKENDS)
              + ".");
    }
    Policy.Audience audience = ReaderOption.of(who, Policy.Audience.values());
    String text = Policy.text(inventory.read(), inventory.environment, audience, backend);
    if (session.json) {
      session.output().document(Map.of("policy", text));
    } else {
      session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
