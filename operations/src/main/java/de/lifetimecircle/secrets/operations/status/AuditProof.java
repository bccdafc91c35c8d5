package de.lifetimecircle.secrets.operations.status;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks for a log of reads: our own is seen, the backend's is somebody's word.
 */
record AuditProof(Sight sight) {
  void look(Draft draft) {
    Optional<String> log = Sight.setting(sight.provider(), "audit.log");
    if (log.isPresent() && isThere(log.get())) {
      draft.proven("audit.log", log.get());
    } else {
      draft.onTheirWord(sight.said(Point.AUDIT), sight.scheme(), "audit.unseen");
    }
  }

  private static boolean isThere(String file) {
    try {
      return Files.isRegularFile(Path.of(file));
    } catch (InvalidPathException e) {
      return false; // the setting names no path of this system
    }
  }
}
