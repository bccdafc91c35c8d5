package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
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
      item.onTheirWord("audit.unseen");
    }
  }

  private static boolean isThere(String file) {
    try {
      return Files.isRegularFile(Path.of(file));
    } catch (InvalidPathException e) {
      return false; // the setting is not a path on this system
    }
  }

  private void alerts(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    List<GeneratedFile> files;
    try {
      files = files(site, context.scheme(), context.today());
    } catch (SecretException e) {
      item.missing(site.editing(), "audit.facts", context.site().file());
      return;
    }
    List<String> same = item.compare("audit", files);
    if (!same.isEmpty()) {
      item.proven("audit.proof", String.join(", ", same));
    }
  }

  /**
   * Returns the alert definitions; none for a backend without a log of its own.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory lacks a fact
   */
  static List<GeneratedFile> files(InventoryLocation site, String scheme, LocalDate today) {
    if (!AlertDefinitions.BACKENDS.contains(scheme)) {
      return List.of();
    }
    Map<String, String> files =
        AlertDefinitions.files(site.inventory(), site.environment().name(), scheme, today);
    return files.entrySet().stream()
        .map(
            file ->
                new GeneratedFile(
                    site,
                    site.place(InventoryLocation.ProjectFile.ALERTS) + "/" + file.getKey(),
                    "alerts --backend "
                        + scheme
                        + (files.size() == 1 ? "" : " --part " + file.getKey()),
                    file::getValue))
        .toList();
  }
}
