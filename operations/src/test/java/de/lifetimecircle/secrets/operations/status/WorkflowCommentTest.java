package de.lifetimecircle.secrets.operations.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.check.RotationTimer;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comment in a workflow runs nothing, so it proves nothing. */
class WorkflowCommentTest {
  @TempDir Path folder;

  private InventoryLocation write(String workflow, String text) throws IOException {
    Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    Path file = folder.resolve(".github/workflows").resolve(workflow);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  private boolean hasTimer(String run) throws IOException {
    String schedule = "on:\n  schedule:\n    - cron: '17 3 * * *'\njobs:\n  a:\n";
    return RotationTimer.in(write("rotate.yml", schedule + run)).isPresent();
  }

  @Test
  void noTimer() throws IOException {
    assertThat(hasTimer("    run: secrets rotate due\n")).isTrue();
    assertThat(hasTimer("    run: ./secrets/bin/secrets rotate due # daily\n")).isTrue();
    assertThat(hasTimer("    # run: secrets rotate due\n")).isFalse();
    assertThat(hasTimer("    run: 'true' # secrets rotate due, once the database is back\n"))
        .isFalse();
  }

  private ChecklistItem.State deployment(String text) throws IOException {
    InventoryLocation site = write("deploy-prod.yml", text);
    try (SecretProvider provider =
        SecretProvider.builder().store(FakeStore.create()).set("backend", "aws").build()) {
      return new Checklist(
              site, StoreSnapshot.of(site, provider), () -> Instant.EPOCH, Language.ENGLISH)
          .items().stream()
              .filter(tick -> tick.point() == ChecklistPoint.WORKFLOW)
              .findFirst()
              .orElseThrow()
              .state();
    }
  }

  @Test
  void noDeployment() throws IOException {
    assertThat(deployment("run: secrets exec --for ci -- deploy # now\n"))
        .isEqualTo(ChecklistItem.State.PROVEN);
    assertThat(deployment("# secrets exec --for ci\nrun: deploy\n"))
        .isEqualTo(ChecklistItem.State.MISSING);
  }
}
