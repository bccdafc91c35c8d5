package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The example's service in a folder, with a store in memory that holds all of it. */
public final class HandoverCase {
  public static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");

  final FakeStore store = FakeStore.create().clock(() -> MADE);
  final Path folder;

  public HandoverCase(Path folder) throws IOException {
    this.folder = folder;
    write(InventoryText.example());
  }

  public void write(String inventory) throws IOException {
    Files.writeString(folder.resolve("secrets.yaml"), inventory);
  }

  public void fill(String value) {
    site().secrets().forEach(secret -> store.holding("prod/" + secret.name(), value));
  }

  public InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  public SecretProvider provider() {
    return SecretProvider.builder()
        .store(store.secondClient())
        .set("retries", "0")
        .set("backend", "aws")
        .build();
  }
}
