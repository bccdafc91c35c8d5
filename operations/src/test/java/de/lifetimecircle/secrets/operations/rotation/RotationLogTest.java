package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says after a crash, and after somebody edited it. */
class RotationLogTest extends RotationCase {
  private Path file;

  @BeforeEach
  void rotateOnce() {
    use(Kind.STAGES);
    rotations().rotate("DB_ADMIN_PW");
    file = journal.resolve(RotationLog.FILE);
    assertThat(log().problems()).isEmpty();
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(file));
  }

  @Test
  void holdsEachStepWithItsVersionsAndNoValue() throws IOException {
    assertThat(log().entries())
        .extracting(e -> e.event() + " " + e.step().map(RotationStep::word).orElse("-"))
        .containsExactly(
            "BEGUN -",
            "DONE generate",
            "DONE pending",
            "DONE apply",
            "DONE test",
            "DONE promote",
            "DONE render",
            "DONE deploy",
            "DONE verify");
    assertThat(Files.readString(file))
        .doesNotContain(held("prod/DB_ADMIN_PW"))
        .contains("\"by\":\"anna\"");
    assertThat(log().head()).hasSize(64);
    RotationLog none = new RotationLog(folder.resolve("none"));
    assertThat(none.read(entry -> {}, problem -> {})).isEqualTo(new RotationLog.Summary(0, 0, ""));
  }

  @Test
  void anEditedLineIsReportedWithItsNumberAndOnlyThat() throws IOException {
    List<String> lines = lines();
    lines.set(2, lines.get(2).replace("anna", "otto"));
    Files.write(file, lines);
    assertThat(log().problems()).containsExactly("line 3: edited: its digest does not fit");
    lines.set(2, "{}");
    Files.write(file, lines);
    assertThat(log().problems()).hasSize(2).first().asString().startsWith("line 3: ");
  }

  /** The last line has none after it that would tell. */
  @Test
  void theLastLineIsLookedAtToo() throws IOException {
    List<String> lines = lines();
    lines.set(8, lines.get(8).replace("anna", "otto"));
    Files.write(file, lines);
    assertThat(log().problems()).containsExactly("line 9: edited: its digest does not fit");
  }

  @Test
  void removedAndMovedLinesShow() throws IOException {
    List<String> lines = lines();
    lines.remove(4);
    Files.write(file, lines);
    assertThat(log().problems()).isNotEmpty().first().asString().startsWith("line 5: does not");
    lines = lines();
    Collections.swap(lines, 1, 2);
    Files.write(file, lines);
    assertThat(log().problems()).isNotEmpty().first().asString().startsWith("line 2: does not");
  }

  /** As documented: whoever wants to see this keeps the head. */
  @Test
  void onlyTheHeadTellsThatTheEndIsMissing() throws IOException {
    String head = log().head();
    List<String> lines = lines();
    Files.write(file, lines.subList(0, 7));
    assertThat(log().problems()).isEmpty();
    assertThat(log().head()).hasSize(64).isNotEqualTo(head);
  }

  @Test
  void aLineThatACrashCutShortIsMendedVisibly() throws IOException {
    String text = Files.readString(file);
    String cut = text.substring(0, text.length() - 30);
    Files.writeString(file, cut);
    assertThat(log().problems())
        .containsExactly("line 9: cut short by a crash; the next rotation repairs it");
    rotations().retire("DB_ADMIN_PW");
    assertThat(notes).anyMatch(note -> note.contains("it was repaired"));
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries().get(8).event()).isEqualTo(LogEntry.Event.MENDED);
    assertThat(journal.resolve(RotationLog.FILE + ".cut"))
        .hasContent(cut.substring(cut.lastIndexOf('\n') + 1));
  }

  @Test
  void theLogOfAnEarlierVersionGoesOn() throws IOException {
    Path log = EarlierFiles.copy(RotationLog.FILE, journal);
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries())
        .hasSize(16)
        .last()
        .satisfies(
            entry -> {
              assertThat(entry.sequence()).isEqualTo(16);
              assertThat(entry.event()).isEqualTo(LogEntry.Event.STOPPED);
              assertThat(entry.step()).contains(RotationStep.APPLY);
              assertThat(entry.by()).isEqualTo("Anna");
              assertThat(entry.note()).startsWith("the hook ended with 4");
            });
    rotations().retire("DB_ADMIN_PW");
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries()).hasSizeGreaterThan(17);
    assertThat(Files.readAllLines(log).get(16)).startsWith("{\"sequence\":17,");
  }

  @Test
  void aLineWithoutItsEndIsWhole() throws IOException {
    Files.writeString(file, Files.readString(file).stripTrailing());
    assertThat(log().problems()).isEmpty();
    rotations().retire("DB_ADMIN_PW");
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries()).noneMatch(e -> e.event() == LogEntry.Event.MENDED);
  }
}
