package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The example's service in a folder, with a store in memory that holds all of it. */
public final class HandoverCase {
  public static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");

  private static final List<String> FILES =
      List.of(
          "docs/SECRETS_PROD_DECISION.md",
          "infra/secrets/prod/service.json",
          "infra/secrets/prod/ci.json",
          "infra/secrets/prod/rotator.json",
          ".github/workflows/deploy-prod.yml");

  final FakeStore store = FakeStore.create().clock(() -> MADE);
  final Path folder;

  public HandoverCase(Path folder) throws IOException {
    this.folder = folder;
    write(InventoryText.example());
  }

  public void write(String inventory) throws IOException {
    Files.writeString(folder.resolve("secrets.yaml"), inventory);
  }

  /** Fills the store and writes all that the message to DevOps asks for. */
  public void makeReady() throws IOException {
    fill("x");
    write(
        InventoryText.example()
            .replace(".example", ".test")
            .replace("123456789012", "210987654321")
            .replace(
                "00000000-0000-0000-0000-000000000000", "0f0e0d0c-0000-4000-8000-000000000001"));
    for (String place : FILES) {
      Path file = folder.resolve(place);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
  }

  public void fill(String value) {
    site().secrets().forEach(secret -> store.holding("prod/" + secret.name(), value));
  }

  public InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  public SecretProvider provider() {
    return provider("aws");
  }

  public SecretProvider provider(String backend) {
    return SecretProvider.builder()
        .store(store.secondClient())
        .set("retries", "0")
        .set("backend", backend)
        .build();
  }
}
