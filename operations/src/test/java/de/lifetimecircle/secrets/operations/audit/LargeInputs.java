package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process with a small heap that audits many readers or reads a long log. Its arguments: what to
 * do, and a folder.
 */
final class LargeInputs {
  static final int READERS = 200_000;
  static final int LINES = 120_000;

  private LargeInputs() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    System.out.println(args[0].equals("audit") ? audit(folder) : log(folder));
  }

  private static String audit(Path folder) {
    Inventory inventory = Inventory.parse(InventoryText.example(), "secrets.yaml");
    AccessAudit audit =
        new AccessAudit(
            inventory,
            inventory.environment("prod"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Instant at = Instant.parse("2026-03-03T11:00:00Z");
    for (int i = 0; i < READERS; i++) {
      audit.accept(
          new AuditEvent(
              at,
              "arn:aws:iam::123456789012:role/reader-" + i,
              "read",
              "prod/LTC_SECRET_KEY",
              "",
              "10.0.0.1",
              "ok"));
    }
    audit.readers().write(folder.resolve("readers"));
    return "done";
  }

  private static String log(Path folder) throws IOException {
    Path file = folder.resolve(RotationLog.FILE);
    String line = Files.readString(file);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < LINES; i++) {
        out.write(line);
      }
    }
    RotationLog.Summary read = new RotationLog(folder).read(entry -> {}, problem -> {});
    return "done " + read.entries() + " " + read.problems();
  }
}
