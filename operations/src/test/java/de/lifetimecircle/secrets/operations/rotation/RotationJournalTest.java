package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.operations.rotation.VersionChange.Part;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of a journal and its file: what is written is read again, and nothing else is. */
class RotationJournalTest {
  private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");
  private static final VersionChange SECRET =
      new VersionChange("PW", "prod/PW", Part.SECRET, "1", "2", "3", "4");
  private static final VersionChange TEMPLATE =
      new VersionChange("URL", "prod/URL", Part.TEMPLATE, "5", "", "", "");

  @TempDir Path journals;

  private static RotationJournal journal() {
    return new RotationJournal(
        "0123",
        "ltc",
        "prod",
        "PW",
        "fake",
        "anna",
        AT,
        7,
        "bert",
        AT.plusSeconds(1),
        RotationJournal.Direction.FORWARD,
        Set.of(RotationStep.GENERATE, RotationStep.PENDING),
        Set.of(RotationStep.APPLY),
        List.of(SECRET, TEMPLATE),
        Duration.ofHours(24),
        Optional.of(AT.plusSeconds(60)),
        RotationJournal.Given.UNKNOWN,
        Optional.of(new HookCall(RotationStep.APPLY, "host", "boot/pid:[1]", "4711")));
  }

  private static String summed(String text) {
    String without = text.strip().replaceFirst(",\"sum\":\"[0-9a-f]*\"", "");
    return without.substring(0, without.length() - 1)
        + ",\"sum\":\""
        + RecordMapping.digest(without)
        + "\"}\n";
  }

  @Test
  void isReadAsItWasWritten() {
    RotationJournal before = journal();
    assertThat(RotationJournal.FORM.read(RotationJournal.FORM.write(before))).isEqualTo(before);
    RotationJournal back = before.back();
    assertThat(RotationJournal.FORM.read(RotationJournal.FORM.write(back))).isEqualTo(back);
    assertThat(RotationJournal.FORM.write(before))
        .endsWith("}\n")
        .isEqualTo(summed(RotationJournal.FORM.write(before)));
    RotationJournal noEnd = before.retiringAt(AT);
    assertThat(RotationJournal.FORM.read(RotationJournal.FORM.write(noEnd)).retireAt())
        .contains(AT);
  }

  @Test
  void aStepIsDoneOrHadNothingToDo() {
    RotationJournal journal = journal();
    assertThat(journal.isDone(RotationStep.PENDING)).isTrue();
    assertThat(journal.isDone(RotationStep.APPLY)).isTrue();
    assertThat(journal.isDone(RotationStep.TEST)).isFalse();
    assertThat(journal.promoted()).isFalse();
    RotationJournal more = journal.with(RotationStep.PROMOTE).idle(RotationStep.RENDER);
    assertThat(more.promoted()).isTrue();
    assertThat(more.done())
        .containsExactlyInAnyOrder(
            RotationStep.GENERATE, RotationStep.PENDING, RotationStep.PROMOTE);
    assertThat(more.idle()).containsExactlyInAnyOrder(RotationStep.APPLY, RotationStep.RENDER);
    RotationJournal fewer = more.without(RotationStep.APPLY, RotationStep.PROMOTE);
    assertThat(fewer.done()).containsExactlyInAnyOrder(RotationStep.GENERATE, RotationStep.PENDING);
    assertThat(fewer.idle()).containsExactly(RotationStep.RENDER);
    assertThat(fewer.changes()).isEqualTo(journal.changes());
    assertThat(fewer.grace()).isEqualTo(Duration.ofHours(24));
    assertThat(journal.back().promoted()).isTrue();
    assertThat(journal.back().done()).isEmpty();
    assertThat(journal.back().idle()).isEmpty();
  }

  @Test
  void eachWriteIsNumberedAndSigned() {
    RotationJournal next = journal().next("cleo", AT.minusSeconds(5));
    assertThat(next.sequence()).isEqualTo(8);
    assertThat(next.by()).isEqualTo("cleo");
    assertThat(next.at()).isEqualTo(AT.minusSeconds(5));
    assertThat(next.startedBy()).isEqualTo("anna");
    assertThat(next.startedAt()).isEqualTo(AT);
    assertThat(next.stored()).isEqualTo("prod/PW");
  }

  @Test
  void theReportHasItsVersions() {
    RotationReport report =
        journal().report(RotationReport.Outcome.FINISHED, RotationReport.OldValue.REFUSED);
    assertThat(report.changes())
        .containsExactly(
            new RotationReport.Changed("prod/PW", "1", "3"),
            new RotationReport.Changed("prod/URL", "5", ""));
    assertThat(report.retireAt()).isEqualTo(Optional.of(AT.plusSeconds(60)));
    assertThat(report.oldValue()).isEqualTo(RotationReport.OldValue.REFUSED);
    assertThat(journal().report(RotationReport.Outcome.OPEN).oldValue())
        .isEqualTo(RotationReport.OldValue.NOT_TRIED);
  }

  @Test
  void aChangeKeepsTheVersionsThatItHas() {
    VersionChange change = new VersionChange("PW", "prod/PW", Part.USER, "1", "", "", "");
    assertThat(change.withPending("2").withFresh("3").withRestored("4"))
        .isEqualTo(new VersionChange("PW", "prod/PW", Part.USER, "1", "2", "3", "4"));
    assertThat(RecordMapping.read(VersionChange.class, document(change))).isEqualTo(change);
  }

  private static Map<?, ?> document(VersionChange change) {
    return (Map<?, ?>) Json.parse(Json.write(RecordMapping.members(change)));
  }

  /** Each has a right sum, so a program wrote it; not this one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"form\":\"secrets-rotation\" | \"form\":\"secrets-log\" | not the journal of a rotation",
        "\"version\":1 | \"version\":2 | another version of this program",
        "\"version\":1 | \"version\":1.5 | another version of this program",
        "\"version\":1 | \"version\":\"1\" | another version of this program",
        "\"sequence\":7 | \"sequence\":\"7\" | sequence: another text (expected: a whole number)",
        "\"by\":\"bert\" | \"by\":7 | by: 7 (expected: a text)",
        "\"done\":[ | \"done\":7,\"x\":[ | done: 7 (expected: a list)"
      })
  void whatDoesNotFitIsRefused(String from, String to, String why) {
    String text = RotationJournal.FORM.write(journal());
    assertThat(text).contains(from);
    assertThatThrownBy(() -> RotationJournal.FORM.read(summed(text.replace(from, to))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anEditIsNoticed() {
    String text = RotationJournal.FORM.write(journal());
    assertThatThrownBy(() -> RotationJournal.FORM.read(text.replace("bert", "bort")))
        .hasMessageContaining("its sum does not fit");
    assertThatThrownBy(() -> RotationJournal.FORM.read(text.substring(0, 40)))
        .hasMessageContaining("it is not JSON");
    assertThatThrownBy(() -> RotationJournal.FORM.read("[]"))
        .hasMessageContaining("not the journal of a rotation");
  }

  /** From before the steps with nothing to do were recorded. */
  @Test
  void anOlderOneMayCallItsHooksTwice() {
    String text =
        RotationJournal.FORM
            .write(journal().with(RotationStep.APPLY))
            .replaceFirst(",\"idle\":\\[[^]]*]", "");
    RotationJournal read = RotationJournal.FORM.read(summed(text));
    assertThat(read.done()).containsExactlyInAnyOrder(RotationStep.GENERATE, RotationStep.PENDING);
    assertThat(read.idle()).containsExactly(RotationStep.APPLY);
  }

  @Test
  void theJournalsOfAnEarlierVersionAreRead() {
    for (String name : List.of("LTC_SECRET_KEY", "ADMIN_API_TOKEN", "DB_ADMIN_PW")) {
      Path unused = EarlierFiles.copy("prod." + name + ".rotation.json", journals);
    }
    List<OpenRotation> open = OpenRotation.in(journals);
    assertThat(open)
        .extracting(each -> each.report().secret() + " " + each.report().outcome())
        .containsExactly("ADMIN_API_TOKEN OPEN", "DB_ADMIN_PW OPEN", "LTC_SECRET_KEY WAITING");
    assertThat(open).extracting(OpenRotation::by).containsOnly("Anna");
    assertThat(open).extracting(OpenRotation::scheme).containsOnly("store");
    assertThat(open.get(1).report().retireAt()).isEmpty();
    assertThat(open.get(1).report().changes())
        .containsExactly(
            new RotationReport.Changed("prod/DB_ADMIN_PW", "v1", ""),
            new RotationReport.Changed("prod/DATABASE_URL", "v1", ""));
    assertThat(open.get(1).accepted()).contains("rotate resume").contains("rotate abandon");
    assertThat(open.get(2).report().retireAt()).contains(Instant.parse("2026-08-21T08:05:00Z"));
    assertThat(open.get(2).accepted()).contains("rotate retire").contains("rotate rollback");
  }

  @Test
  void longNamesShareNoFile() {
    JournalFolder folder = new JournalFolder(Path.of("journal"));
    String beginning = "x".repeat(180);
    assertThat(folder.files().file("a/b")).hasFileName("a.b.rotation.json");
    assertThat(folder.files().file(beginning)).hasFileName(beginning + ".rotation.json");
    assertThat(folder.files().file(beginning + "a"))
        .isNotEqualTo(folder.files().file(beginning + "b"));
  }
}
