package de.lifetimecircle.secrets.cli.status;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.status.StatusPage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the status page of {@code status --html}. */
record StatusHtml(CommandSession session, InventoryOptions inventory, Language language) {
  static final String STANDARD_OUTPUT = "-";

  ExitCode write(String place) {
    List<InventoryLocation> sites = inventory.sites();
    StatusPage page;
    try (SecretProvider provider = session.openToReport()) {
      page =
          StatusPage.read(
              sites,
              provider,
              session.clock,
              language,
              new Progress(session, "secrets checked")::at);
    }
    ExitCode code =
        page.hasOpenEmergency()
            ? ExitCode.EMERGENCY
            : page.isComplete() ? ExitCode.OK : ExitCode.FOUND;
    if (place.equals(STANDARD_OUTPUT)) {
      session.output().bytes(page.text().getBytes(StandardCharsets.UTF_8));
      return code;
    }
    Path file = InventoryOptions.path(place);
    page.write(file);
    if (session.json) {
      session.output().document(code.code(), Map.of("file", place));
    } else {
      session.output().line("Wrote " + place);
    }
    return code;
  }
}
