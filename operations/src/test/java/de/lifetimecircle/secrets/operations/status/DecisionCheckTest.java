package de.lifetimecircle.secrets.operations.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A decision is a draft in every language until a field, or a line, says that it is signed. */
class DecisionCheckTest {
  @TempDir Path folder;

  private ChecklistItem tick(ChecklistPoint point) {
    try (SecretProvider provider =
        SecretProvider.builder().store(FakeStore.create()).set("backend", "aws").build()) {
      InventoryLocation site = InventoryLocation.read(folder.resolve("secrets.yaml"), "");
      return new Checklist(
              site, StoreSnapshot.of(site, provider), () -> Instant.EPOCH, Language.ENGLISH)
          .items().stream().filter(tick -> tick.point() == point).findFirst().orElseThrow();
    }
  }

  private static String field(String backend, String status) {
    return "<!-- secrets decision 1 backend=" + backend + " status=" + status + " -->\n";
  }

  @Test
  void isProvenOnlyIfItIsSignedForThisBackend() throws IOException {
    Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    Path decision = folder.resolve("docs/SECRETS_PROD_DECISION.md");
    Files.createDirectories(decision.getParent());
    for (String unsigned :
        List.of(
            "# We go with: AWS\n",
            "# Wir gehen mit: AWS\n\nStand: Entwurf vom 1. M\u00e4rz 2026. G\u00fcltig mit der"
                + " Unterschrift.\n",
            "# We go with: AWS\n\n**Status:** proposed\n",
            "# We go with: AWS\n\nStatus: not accepted\n",
            "# We go with: AWS\n\nIt is accepted that status: accepted is missing.\n",
            field("aws", "draft") + "# We go with: AWS\n\nStatus: accepted\n")) {
      Files.writeString(decision, unsigned);
      assertThat(tick(ChecklistPoint.DECISION).missing())
          .as(unsigned)
          .singleElement()
          .asString()
          .endsWith("make this its first line: " + field("aws", "signed").strip());
    }
    for (String signed :
        List.of(
            "# Wir gehen mit: AWS\n\nStand: unterschrieben\n",
            "# We go with: AWS\r\n\r\n**Status:** accepted.\r\n",
            field("aws", "signed") + "# Nous choisissons AWS\n\nStatut : projet\n")) {
      Files.writeString(decision, signed);
      assertThat(tick(ChecklistPoint.DECISION).state())
          .as(signed)
          .isEqualTo(ChecklistItem.State.PROVEN);
    }
    Files.writeString(decision, field("vault", "signed") + "# We go with: AWS\n");
    assertThat(tick(ChecklistPoint.DECISION).missing())
        .singleElement()
        .asString()
        .contains("decides for HashiCorp Vault");
  }
}
