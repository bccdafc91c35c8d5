package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the alert definitions with those that would be written now, and checks for a log of
 * reads: the library's own log is checked, the backend's is a claim.
 */
record AuditCheck(ChecklistContext context) {
  void check(ChecklistItemBuilder item) {
    alerts(item);
    Optional<String> log = context.store().setting("audit.log");
    if (log.isPresent() && isThere(log.get())) {
      item.proven("audit.log", log.get());
    } else {
      item.onTheirWord(context.said(ChecklistPoint.AUDIT), context.scheme(), "audit.unseen");
    }
  }

  private static boolean isThere(String file) {
    try {
      return Files.isRegularFile(Path.of(file));
    } catch (InvalidPathException e) {
      return false; // the setting is not a path on this system
    }
  }

  /** Checks the alerts; a backend without its own log has nothing to watch. */
  private void alerts(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    if (!AlertDefinitions.BACKENDS.contains(context.scheme())) {
      return;
    }
    Map<String, String> files;
    try {
      files =
          AlertDefinitions.files(
              site.inventory(), site.environment().name(), context.scheme(), context.today());
    } catch (SecretException e) {
      item.missing(site.here().editing(), "audit.facts", site.file());
      return;
    }
    List<String> same = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          String place = site.place(InventoryLocation.Paper.ALERTS) + "/" + name;
          String part = files.size() == 1 ? "" : " --part " + name;
          String command =
              site.here().writing("alerts --backend " + context.scheme() + part, place);
          String kept = RepositoryFile.read(site.folder().resolve(place), "the alerts").orElse("");
          if (kept.isEmpty()) {
            item.missing(command, "audit.none", place);
          } else if (!kept.equals(text)) {
            item.missing(command, "audit.other", place);
          } else {
            same.add(place);
          }
        });
    if (!same.isEmpty()) {
      item.proven("audit.proof", String.join(", ", same));
    }
  }
}
