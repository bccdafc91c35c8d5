package de.lifetimecircle.secrets.operations.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.status.ChecklistFix.Change;
import de.lifetimecircle.secrets.operations.status.ChecklistFix.Outcome;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the checklist writes by itself, and what it leaves as it is. */
@ExtendWith(LeakProbeExtension.class)
class ChecklistFixTest {
  private static final String INVENTORY =
      InventoryText.example()
          .replace(".example", ".test")
          .replace("123456789012", "210987654321")
          .replace("00000000-0000-0000-0000-000000000000", "0f0e0d0c-0000-4000-8000-000000000001");

  private static final List<String> FILES =
      List.of(
          "hooks/postgresql",
          "hooks/ecs-deploy",
          "hooks/end-sessions",
          "infra/secrets/prod/service.json",
          "infra/secrets/prod/ci.json",
          "infra/secrets/prod/rotator.json",
          "infra/alerts/prod/cloudformation.json",
          "docs/SECRETS_PROD_RUNBOOK.md");

  @TempDir Path folder;
  private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final FakeStore store = FakeStore.create().clock(() -> now);

  @BeforeEach
  void begin() throws IOException {
    write("secrets.yaml", INVENTORY);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  private void fill(String value) {
    site().secrets().forEach(secret -> store.holding("prod/" + secret.name(), value));
  }

  private List<Change> fix() {
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store.secondClient())
            .set("retries", "0")
            .set("backend", "aws")
            .build()) {
      return new ChecklistFix(
              site(), StoreSnapshot.of(site(), provider), () -> now, Language.ENGLISH)
          .run();
    }
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    assertThat(builder.start().waitFor()).isZero();
  }

  @Test
  void writesWhatIsMissingOnceAndNothingToTheStore(LeakProbe probe) throws IOException {
    fill(probe.canary("value"));
    int writes = store.calls(FakeStore.Op.PUT);
    List<Change> changes = fix();
    assertThat(changes).extracting(Change::file).containsExactlyElementsOf(FILES);
    assertThat(changes).extracting(Change::outcome).containsOnly(Outcome.WRITTEN);
    assertThat(folder.resolve("hooks/postgresql")).isExecutable();
    assertThat(fix()).isEmpty();
    assertThat(store.calls(FakeStore.Op.PUT)).isEqualTo(writes);
    probe.look("changes", changes).lookAtFiles(folder).assertClean();
  }

  @Test
  void keepsTextThatGitCouldNotBringBack() throws IOException, InterruptedException {
    fill("x");
    fix();
    write("infra/secrets/prod/ci.json", "by hand");
    assertThat(fix()).containsExactly(new Change("infra/secrets/prod/ci.json", Outcome.KEPT));
    git("init", "-q");
    // In no commit yet, then in one, then changed after it.
    assertThat(fix()).extracting(Change::outcome).containsExactly(Outcome.KEPT);
    git("add", "infra");
    git("commit", "-q", "-m", "x");
    write("infra/secrets/prod/ci.json", "by hand, again");
    assertThat(fix()).extracting(Change::outcome).containsExactly(Outcome.KEPT);
    assertThat(read("infra/secrets/prod/ci.json")).isEqualTo("by hand, again");
    git("commit", "-q", "-a", "-m", "y");
    assertThat(fix()).containsExactly(new Change("infra/secrets/prod/ci.json", Outcome.REPLACED));
    assertThat(read("infra/secrets/prod/ci.json")).startsWith("{");
  }

  @Test
  void aRunbookKeepsItsNotesAndAnotherFileIsLeftAlone() throws IOException, InterruptedException {
    fill("x");
    fix();
    String place = "docs/SECRETS_PROD_RUNBOOK.md";
    write(place, read(place) + "Our notes.\n");
    assertThat(fix()).isEmpty();
    write("secrets.yaml", INVENTORY.replace("contact: security@", "contact: help@"));
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "x");
    assertThat(fix()).contains(new Change(place, Outcome.REPLACED));
    assertThat(read(place)).contains("help@").endsWith("Our notes.\n");
    write(place, "# By hand\n");
    assertThat(fix()).isEmpty();
    assertThat(read(place)).isEqualTo("# By hand\n");
  }

  @Test
  void valuesOfTheExampleAndAnIncompleteStoreAreNotWritten() throws IOException {
    write("secrets.yaml", InventoryText.example());
    assertThat(fix()).extracting(Change::file).containsExactlyElementsOf(FILES.subList(0, 3));
    store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThat(fix()).isEmpty();
  }
}
