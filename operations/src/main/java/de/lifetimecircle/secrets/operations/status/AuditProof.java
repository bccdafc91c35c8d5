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
record AuditProof(ChecklistInput sight) {
  void look(ChecklistItemBuilder draft) {
    alerts(draft);
    Optional<String> log = sight.store().setting("audit.log");
    if (log.isPresent() && isThere(log.get())) {
      draft.proven("audit.log", log.get());
    } else {
      draft.onTheirWord(sight.said(ChecklistPoint.AUDIT), sight.scheme(), "audit.unseen");
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
  private void alerts(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    if (!AlertDefinitions.BACKENDS.contains(sight.scheme())) {
      return;
    }
    Map<String, String> files;
    try {
      files =
          AlertDefinitions.files(
              site.inventory(), site.environment().name(), sight.scheme(), sight.today());
    } catch (SecretException e) {
      draft.missing(site.here().editing(), "audit.facts", site.file());
      return;
    }
    List<String> same = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          String place = site.place(InventoryLocation.Paper.ALERTS) + "/" + name;
          String part = files.size() == 1 ? "" : " --part " + name;
          String command = site.here().writing("alerts --backend " + sight.scheme() + part, place);
          String kept = RepositoryFile.read(site.folder().resolve(place), "the alerts").orElse("");
          if (kept.isEmpty()) {
            draft.missing(command, "audit.none", place);
          } else if (!kept.equals(text)) {
            draft.missing(command, "audit.other", place);
          } else {
            same.add(place);
          }
        });
    if (!same.isEmpty()) {
      draft.proven("audit.proof", String.join(", ", same));
    }
  }
}
