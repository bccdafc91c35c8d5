package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationJournalTest {
  private static final Instant AT = Instant.parse("2026-11-30T21:00:00Z");
  private static final MigrationPlan.Item PLANNED =
      new MigrationPlan.Item("A", List.of("s1"), Optional.empty());
  private static final MigrationLine COPYING =
      MigrationLine.of(MigrationLine.Step.COPYING, "A", 0, "");
  private static final MigrationLine COPIED =
      MigrationLine.of(MigrationLine.Step.COPIED, "A", 0, "v1");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("j");
    try (MigrationJournal journal = open()) {
      assertThat(journal.plan()).isEmpty();
      journal.add(MigrationLine.begun(AT, List.of(PLANNED), Map.of("backend", "gpg"), Map.of()));
      journal.add(COPYING);
      journal.add(COPIED);
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
      assertThat(journal.plan())
          .contains(MigrationLine.begun(AT, List.of(PLANNED), Map.of("backend", "gpg"), Map.of()));
      MigrationProgress.Item item = journal.progress().item("A");
      assertThat(item.done).isEqualTo(1);
      assertThat(item.begun).isFalse();
      assertThat(item.touched).isTrue();
      assertThat(item.written).isEqualTo("v1");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void cutsOffWhatAKilledProcessLeft() throws IOException {
    String whole = Files.readString(file);
    for (int cut = 2; cut < 60; cut += 7) {
      Files.writeString(file, whole.substring(0, whole.length() - cut));
      try (MigrationJournal journal = open()) {
        assertThat(journal.progress().item("A").begun).isTrue();
        assertThat(journal.progress().item("A").done).isZero();
        journal.add(COPIED);
      }
      try (MigrationJournal journal = open()) {
        assertThat(journal.progress().item("A").done).isEqualTo(1);
      }
    }
    Files.writeString(file, whole.substring(0, 100));
    try (MigrationJournal journal = open()) {
      assertThat(journal.plan()).isEmpty();
    }
  }

  @Test
  void seesEveryChangeByHand() throws IOException {
    String whole = Files.readString(file);
    List<String> lines = whole.lines().toList();
    Files.writeString(file, whole.replace("\"v1\"", "\"v2\""));
    refused(SecretException.Kind.CORRUPT, "line 3: edited");
    Files.writeString(file, lines.get(0) + "\n" + lines.get(2) + "\n");
    refused(SecretException.Kind.CORRUPT, "line 2: does not follow");
    Files.writeString(file, lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1) + "\n");
    refused(SecretException.Kind.CORRUPT, "line 2: does not follow");
    Files.writeString(file, whole + "note to self: done\n");
    refused(SecretException.Kind.CORRUPT, "line 4: edited or damaged");
    Files.writeString(file, "shopping list\n");
    refused(SecretException.Kind.CORRUPT, "line 1: edited or damaged");
  }

  @Test
  void refusesAnotherVersionAndAnotherFile() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("BEGUN", "BEGAN"));
    refused(SecretException.Kind.CORRUPT, "or another version wrote it");
    Files.writeString(file, whole.substring(whole.indexOf('\n') + 1));
    refused(SecretException.Kind.CORRUPT, "line 1: does not follow");
    Files.write(file, new byte[] {0, 1, 2, '\n'}, StandardOpenOption.TRUNCATE_EXISTING);
    refused(SecretException.Kind.CORRUPT, "line 1: ");
  }

  @Test
  void leavesAForeignFileWithoutALineEndAsItIs() throws IOException {
    String sum = RecordMapping.digest("another file");
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
      assertThat(journal.progress().item("A").done).isEqualTo(1);
    }
    open().close();
    file = folder.resolve("no/such/folder");
    refused(SecretException.Kind.ACCESS_DENIED, "no such file or folder");
  }
}
