package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationJournalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("j");
    try (MigrationJournal journal = open()) {
      assertThat(journal.plan()).isNull();
      journal.begin(Map.of("items", List.of()));
      journal.note("copying", "A", Map.of("index", 0));
      journal.note("copied", "A", Map.of("index", 0, "version", "v1"));
    }
  }

  private MigrationJournal open() {
    return MigrationJournal.open(file, () -> {});
  }

  private void refused(SecretException.Kind kind, String words) {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(SecretException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(words)
        .hasMessageContaining("--journal");
  }

  @Test
  void keepsItsLinesForItsOwnerOnly() throws IOException {
    try (MigrationJournal journal = open()) {
      assertThat(String.valueOf(journal.plan())).contains("file=secrets-migration");
      assertThat(journal.steps()).hasSize(2);
      assertThat(journal.steps().get(1))
          .isEqualTo(
              Map.of(
                  "step",
                  "copied",
                  "name",
                  "A",
                  "index",
                  new java.math.BigDecimal(0),
                  "version",
                  "v1"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void cutsOffWhatAKilledProcessLeft() throws IOException {
    String whole = Files.readString(file);
    for (int cut = 1; cut < 60; cut += 7) {
      Files.writeString(file, whole.substring(0, whole.length() - cut));
      try (MigrationJournal journal = open()) {
        assertThat(journal.steps()).hasSize(1);
        journal.note("copied", "A", Map.of("index", 0));
      }
      try (MigrationJournal journal = open()) {
        assertThat(journal.steps()).hasSize(2);
      }
    }
    Files.writeString(file, whole.substring(0, 100));
    try (MigrationJournal journal = open()) {
      assertThat(journal.plan()).isNull();
    }
  }

  @Test
  void seesEveryChangeByHand() throws IOException {
    String whole = Files.readString(file);
    List<String> lines = whole.lines().toList();
    Files.writeString(file, whole.replace("\"v1\"", "\"v2\""));
    refused(SecretException.Kind.CORRUPT, "line 3 was changed by hand");
    Files.writeString(file, lines.get(0) + "\n" + lines.get(2) + "\n");
    refused(SecretException.Kind.CORRUPT, "line 2 was changed by hand");
    Files.writeString(file, lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1) + "\n");
    refused(SecretException.Kind.CORRUPT, "changed by hand");
    Files.writeString(file, whole + "note to self: done\n");
    refused(SecretException.Kind.CORRUPT, "line 4 is not");
    Files.writeString(file, "shopping list\n");
    refused(SecretException.Kind.CORRUPT, "line 1 is not");
  }

  @Test
  void refusesAnotherVersionAndAnotherFile() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("\"format\":1", "\"format\":2"));
    refused(SecretException.Kind.CORRUPT, "another version of this program");
    Files.writeString(file, whole.replace("secrets-migration", "secrets-rotation"));
    refused(SecretException.Kind.CORRUPT, "not the journal of a migration");
    Files.write(file, new byte[] {0, 1, 2, '\n'}, StandardOpenOption.TRUNCATE_EXISTING);
    refused(SecretException.Kind.CORRUPT, "line 1");
  }

  @Test
  void leavesAForeignFileWithoutALineEndAsItIs() throws IOException {
    String sum = Files.readString(file).substring(0, 64);
    for (String foreign : List.of("{\"a\": 1}", "x", sum, sum + " ", sum + "  archive.tar")) {
      Files.writeString(file, foreign);
      refused(SecretException.Kind.CORRUPT, "not the journal of a migration");
      assertThat(file).hasContent(foreign);
    }
  }

  @Test
  void oneRunHasItAtATime() {
    try (MigrationJournal journal = open()) {
      refused(SecretException.Kind.CONFLICT, "another run has it open");
      assertThat(journal.steps()).hasSize(2);
    }
    open().close();
    file = folder.resolve("no/such/folder");
    refused(SecretException.Kind.ACCESS_DENIED, "no such file or folder");
  }
}
