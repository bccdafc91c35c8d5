package de.lifetimecircle.secrets.cli.audit;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.FolderOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.audit.AlertFolder;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes alert definitions that report unexpected reads at once. */
@Command(
    name = "alerts",
    description = {
      "Write alert definitions that report an unexpected read to Slack at once; 'secrets audit'"
          + " reports it later. Choose the backend with --backend: aws (CloudFormation), azure"
          + " (Resource Manager) or vault (Loki, Prometheus, Alertmanager).",
      "Does not contact the backend and writes no webhook; see the section audit of the inventory."
    })
public final class AlertsCommand extends SessionCommand implements Runnable {
  enum Target {
    SLACK
  }

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = "Where to send alerts: slack (default).")
  Target target = Target.SLACK;

  @Option(
      names = "--part",
      paramLabel = "FILE",
      description = "Which file to write, if there are several; --json writes them all.")
  @Nullable String part;

  @Mixin FolderOption folder = new FolderOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    String backend =
        session
            .chosenBackend()
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "Cannot write the alerts: add --backend with one of "
                            + String.join(", ", AlertDefinitions.BACKENDS)
                            + "."));
    Inventory read = inventory.read();
    LocalDate today = LocalDate.ofInstant(session.clock.instant(), read.zone());
    if (folder.given()) {
      folder.write(session, AlertFolder.files(read, inventory.environment, backend, today));
      return;
    }
    Map<String, String> files = AlertDefinitions.files(read, inventory.environment, backend, today);
    if (session.json) {
      session.output().document(files);
      return;
    }
    String only = part == null && files.size() == 1 ? files.keySet().iterator().next() : part;
    String text = only == null ? null : files.get(only);
    if (text == null) {
      throw CommandFailure.usage(
          "Cannot write the alerts: add --part with one of "
              + String.join(", ", files.keySet())
              + ".");
    }
    session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
