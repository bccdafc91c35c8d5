package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonJournalTest {
  private static final ComparisonJournal.Head HEAD =
      new ComparisonJournal.Head(
          "the same",
          Map.of("vault", "{vault.address=https://vault.example}"),
          Instant.parse("2026-11-25T04:00:00Z"),
          42,
          "compare1/",
          Map.of(ResultText.of("noise.gap", "p99.9"), BigDecimal.ONE));

  @TempDir private Path folder;
  private Path result;

  @BeforeEach
  void place() {
    result = folder.resolve("made/compare.json");
  }

  @Test
  void whatWasTakenDownIsThereAfterwards() {
    ComparisonJournal journal = ComparisonJournal.begin(result, HEAD);
    journal.add(entry("1/calls/gpg"));
    journal.add(entry("1/calls/vault"));
    ComparisonJournal left = ComparisonJournal.left(result).orElseThrow();
    assertThat(left.head()).isEqualTo(HEAD);
    assertThat(left.entries()).isEqualTo(journal.entries());
    assertThat(left.has("1/calls/gpg")).isTrue();
    assertThat(left.has("2/calls/gpg")).isFalse();
  }

  @Test
  void lineThatWasCutShortIsDoneAgainAndTheNextIsKept() throws IOException {
    ComparisonJournal journal = ComparisonJournal.begin(result, HEAD);
    journal.add(entry("1/calls/gpg"));
    journal.add(entry("1/calls/vault"));
    byte[] whole = Files.readAllBytes(ComparisonJournal.beside(result));
    Files.write(
        ComparisonJournal.beside(result), java.util.Arrays.copyOf(whole, whole.length - 30));
    ComparisonJournal left = ComparisonJournal.left(result).orElseThrow();
    assertThat(left.entries())
        .extracting(ComparisonJournal.Entry::task)
        .containsExactly("1/calls/gpg");
    left.add(entry("1/calls/azure"));
    assertThat(ComparisonJournal.left(result).orElseThrow().entries())
        .extracting(ComparisonJournal.Entry::task)
        .containsExactly("1/calls/gpg", "1/calls/azure");
  }

  @Test
  void journalOfAnotherVersionIsNone() throws IOException {
    ComparisonJournal.begin(result, HEAD).end();
    assertThat(ComparisonJournal.left(result)).isEmpty();
    Files.writeString(ComparisonJournal.beside(result), "{\"format\":9}\n");
    assertThat(ComparisonJournal.left(result)).isEmpty();
    Files.writeString(ComparisonJournal.beside(result), "");
    assertThat(ComparisonJournal.left(result)).isEmpty();
  }

  @Test
  void oldResultIsKeptBeside() throws IOException {
    assertThat(ComparisonJournal.setAside(result)).isEmpty();
    ComparisonJournal.begin(result, HEAD).add(entry("1/calls/gpg"));
    Files.writeString(result, "old");
    Path kept = ComparisonJournal.setAside(result).orElseThrow();
    assertThat(kept).hasContent("old");
    assertThat(result).doesNotExist();
    assertThat(ComparisonJournal.left(result)).isEmpty();
  }

  @Test
  void fullDiskIsOneSentenceAndWhatWasMeasuredIsKept() throws IOException {
    ComparisonJournal journal = ComparisonJournal.begin(result, HEAD);
    journal.add(entry("1/calls/gpg"));
    Path file = ComparisonJournal.beside(result);
    Path away = folder.resolve("away");
    Files.move(file, away);
    Files.createSymbolicLink(file, Path.of("/dev/full")); // the system itself says that it is full
    assertThatThrownBy(() -> journal.add(entry("1/calls/vault")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot write "
                + file
                + ": No space left on device; what was measured before is kept. Free some space and"
                + " run the same command.");
    Files.delete(file);
    Files.move(away, file);
    ComparisonJournal left = ComparisonJournal.left(result).orElseThrow();
    left.add(entry("1/calls/vault"));
    assertThat(ComparisonJournal.left(result).orElseThrow().entries())
        .extracting(ComparisonJournal.Entry::task)
        .containsExactly("1/calls/gpg", "1/calls/vault");
  }

  private static ComparisonJournal.Entry entry(String task) {
    WorkerProcesses.Found found = WorkerProcesses.Found.none();
    found.samples().add(SampleSet.of("cold-get", "ms").add(3).add(4));
    found.omitted().add(ResultText.of("not.limit"));
    return new ComparisonJournal.Entry(
        task,
        new Participant("gpg", "gpg", ResultText.of("server.files"), Realness.REAL),
        1234,
        found);
  }
}
