package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.decision.cost.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionFileTest {
  @TempDir Path folder;

  @Test
  void theShippedFileHasAJudgementForEveryBackendWhereNothingIsMeasured() {
    ReportSubject nothing = Subjects.of(Subjects.with(List.of()));
    assertThat(BackendRanking.of(nothing).unranked()).isEmpty();
    assertThat(nothing.policy().weight(DecisionCriterion.PRICE)).isEqualTo(15);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "weight.price       = 15~weight.price = 25~: the weights add up to 110 (expected: 100);"
            + " change one of those that begin with weight.",
        "weight.price       = 15~~: lacks the key weight.price",
        "weight.price       = 15~weight.price = much~weight.price: much (expected: a number, 0 to"
            + " 100)",
        "weight.price       = 15~weight.prise = 15~weight.prise: unknown criterion prise (expected:"
            + " setup, price, rotation",
        "price.basis = total~price.basis = half~price.basis: half (expected: total or paid)",
        "iam.aws = 5 |~iam.aws = 6 |~iam.aws: 6 (expected: a number, 0 to 5)",
        "iam.aws = 5 | vendor~iam.aws = 5 | hearsay~iam.aws: hearsay (expected: vendor, quoted,"
            + " counted or team)",
        "iam.aws = 5 | vendor~iam.aws = 5 | measured~iam.aws: measured (expected: vendor",
        "rotation.gpg = 2 | counted | 2026-11-25 |~rotation.gpg = 2 | counted | 2026-11-27"
            + " |~rotation.gpg: 2026-11-27 (expected: a day that has come)",
        "rotation.gpg = 2 | counted | 2026-11-25 |~rotation.gpg = 2 | counted | today"
            + " |~rotation.gpg: today (expected: a day such as",
        "rotation.gpg = 2 | counted | 2026-11-25 |~rotation.gpg = 2 | counted |~rotation.gpg:"
            + " expected: points | origin | day | source | source in German",
        "limits.gpg.de~limits.gpg.fr~limits.gpg: lacks its reason, the key limits.gpg.de",
        "limits.gpg = 5 |~limits.oracle = 5 |~limits.oracle: lacks its reason, the key"
            + " limits.oracle.de",
      })
  void aBrokenFileIsOneClearSentence(String from, String to, String expected) throws IOException {
    String text = Files.readString(Subjects.DECISION);
    assertThat(text).contains(from);
    Path file = folder.resolve("decision.properties");
    Files.writeString(file, text.replace(from, to == null ? "" : to));
    assertThatThrownBy(() -> DecisionFile.read(DataFile.read(file, "weights"), Subjects.TODAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aLineWithoutAKeyOrTwiceTheSameIsNamedByItsNumber() throws IOException {
    Path file = folder.resolve("decision.properties");
    Files.writeString(file, "weight.price = 15\nweight.price = 20\n");
    assertThatThrownBy(() -> DecisionFile.read(DataFile.read(file, "weights"), Subjects.TODAY))
        .hasMessage(file + " line 2: expected: key = value, each key once");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("nowhere");
    assertThatThrownBy(() -> DecisionFile.read(DataFile.read(file, "weights"), Subjects.TODAY))
        .hasMessage("Cannot read weights from " + file + ": no such file");
  }
}
