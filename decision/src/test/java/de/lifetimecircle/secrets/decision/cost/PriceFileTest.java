package de.lifetimecircle.secrets.decision.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceFileTest {
  private static final String SHIPPED_PRICE =
      "aws.dollars-per-secret-month = 0.40 | 2026-11-25 | quoted |";

  @TempDir Path folder;

  @Test
  void theShippedFileNamesTheFourBackends() {
    assertThat(Cases.shipped().tariffs().keySet()).containsExactly("aws", "azure", "vault", "gpg");
    assertThat(Cases.tariff("aws").number(PriceItem.DOLLARS_PER_SECRET_MONTH)).isEqualTo("0.40");
    assertThat(Cases.tariff("azure").quotas())
        .extracting(CallQuota::allows)
        .containsExactly("4,000 calls in 10 s", "300 writes in 10 s");
  }

  @Test
  void aBackendOfYourOwnJoinsByItsLines() throws IOException {
    String own =
        Files.readAllLines(Cases.FILE).stream()
            .filter(line -> line.startsWith("gpg."))
            .map(line -> line.replace("gpg.", "acme."))
            .reduce("", (all, line) -> all + line + "\n");
    Path file = folder.resolve("own.properties");
    Files.writeString(file, Files.readString(Cases.FILE) + own);
    PriceList list = PriceFile.read(DataFile.read(file, "prices"), Map.of(), Cases.TODAY);
    assertThat(list.of(List.of("acme")).get(0).number(PriceItem.HOURS_A_MONTH)).isEqualTo("3");
  }

  @Test
  void theCommandLineCountsInsteadOfTheFile() {
    PriceList list =
        PriceFile.read(
            DataFile.read(Cases.FILE, "prices"),
            Map.of("vault.hours-a-month", "4.5", "vault.quota.own", "500 all in 1 s"),
            Cases.TODAY);
    BackendTariff vault = list.of(List.of("vault")).get(0);
    assertThat(vault.number(PriceItem.HOURS_A_MONTH)).isEqualTo("4.5");
    assertThat(vault.quotas()).extracting(CallQuota::calls).containsExactly(500L);
    assertThat(list.sources())
        .hasEntrySatisfying(
            "vault.hours-a-month", source -> assertThat(source.origin()).isEqualTo(Origin.GIVEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "aws.hours-a-month; -1; --set: aws.hours-a-month: -1 (expected: a number, 0 or more",
        "aws.hours; 1; --set: aws.hours: unknown key (expected: work.dollars-per-hour, or",
        "nonsense; 1; --set: nonsense: unknown key (expected:",
        "aws.quota.; 1; --set: aws.quota.: unknown key (expected:",
        "aws.reads-per-put; 0.5; --set: aws.reads-per-put: 0.5 (expected: a whole number of calls",
        "aws.quota.own; 5; --set: aws.quota.own: 5 (expected: a quota such as 4000 all in 10 s",
        "aws.quota.own; 0 all in 1 s; --set: aws.quota.own: 0 all in 1 s (expected: a quota",
      })
  void aSentenceSaysWhatIsWrongOnTheCommandLine(String key, String value, String sentence) {
    assertThatThrownBy(
            () ->
                PriceFile.read(
                    DataFile.read(Cases.FILE, "prices"), Map.of(key, value), Cases.TODAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "aws.dollars-per-secret-month = 0.40; expected: key = value | day | origin | source |"
            + " source in German",
        "aws.dollars = 1 | 2026-11-25 | quoted |; aws.dollars: unknown key (expected: work.",
        "aws.dollars-per-secret-month = x | 2026-11-25 | quoted |; "
            + "aws.dollars-per-secret-month: x (expected: a number, 0 or more, such as 0.40)",
        "aws.dollars-per-secret-month = 1 | soon | quoted |; soon (expected: a day such as",
        "aws.dollars-per-secret-month = 1 | 2026-02-30 | quoted |; 2026-02-30 (expected: a day",
        "aws.dollars-per-secret-month = 1 | 2026-11-27 | quoted |; "
            + "2026-11-27 (expected: a day that has come)",
        "aws.dollars-per-secret-month = 1 | 2026-11-25 | given |; given (expected: vendor, quoted",
        "work.dollars-per-hour = 1 | 2026-11-25 | quoted |; work.dollars-per-hour is there twice",
      })
  void aSentenceSaysWhatIsWrongInTheFile(String line, String sentence) throws IOException {
    Path file = folder.resolve("broken.properties");
    String text = Files.readString(Cases.FILE);
    int number = text.substring(0, text.indexOf(SHIPPED_PRICE)).split("\n", -1).length;
    Files.writeString(file, text.replace(SHIPPED_PRICE, line));
    assertThatThrownBy(() -> PriceFile.read(DataFile.read(file, "prices"), Map.of(), Cases.TODAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + " line " + number + ": " + sentence);
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Path none = folder.resolve("none.properties");
    assertThatThrownBy(() -> PriceFile.read(DataFile.read(none, "prices"), Map.of(), Cases.TODAY))
        .hasMessage("Cannot read prices from " + none + ": no such file");
    Path empty = Files.createFile(folder.resolve("empty.properties"));
    assertThatThrownBy(() -> PriceFile.read(DataFile.read(empty, "prices"), Map.of(), Cases.TODAY))
        .hasMessage(empty + ": lacks the key work.dollars-per-hour");
    Path partial = folder.resolve("partial.properties");
    Files.writeString(partial, Files.readString(Cases.FILE).replace("gpg.machines ", "#"));
    assertThatThrownBy(
            () -> PriceFile.read(DataFile.read(partial, "prices"), Map.of(), Cases.TODAY))
        .hasMessage(partial + ": backend 'gpg' lacks the key gpg.machines");
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = Files.write(folder.resolve("bytes.properties"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> PriceFile.read(DataFile.read(file, "prices"), Map.of(), Cases.TODAY))
        .hasMessage("Cannot read prices from " + file + ": not UTF-8");
  }

  @Test
  void anUnknownBackendIsNamedBesideTheKnownOnes() {
    assertThatThrownBy(() -> Cases.shipped().of(List.of("aws", "gcp")))
        .hasMessage("--backend: gcp (expected: aws, azure, vault, gpg)");
  }

  @Test
  void pagesThatWereReadLongAgoAreNamedInOneWarning() {
    LocalDate lastFresh = LocalDate.of(2026, 11, 25).plusDays(PriceList.FRESH_DAYS);
    assertThat(Cases.shipped().warnings(lastFresh)).isEmpty();
    assertThat(Cases.shipped().warnings(lastFresh.plusDays(1)))
        .singleElement()
        .asString()
        .startsWith("WARNING: 9 prices or quotas were read more than 180 days ago, the oldest on")
        .contains("2026-11-25", "aws.dollars-per-10000-calls", "azure.quota.set")
        .doesNotContain("hours-a-month", "reads-per-put");
  }
}
