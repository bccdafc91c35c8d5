package de.lifetimecircle.secrets.decision.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResultFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("made/compare.json");
  }

  @Test
  void readsWhatItWrote() {
    ResultFile.write(file, Comparisons.sample());
    assertThat(ResultFile.read(file)).isEqualTo(Comparisons.sample());
    ResultFile.write(file, Comparisons.incomplete());
    assertThat(ResultFile.read(file)).isEqualTo(Comparisons.incomplete());
  }

  @Test
  void keepsTheOrderOfTheFacts() {
    ResultFile.write(file, Comparisons.sample());
    assertThat(ResultFile.read(file).machine().keySet())
        .containsExactlyElementsOf(Comparisons.sample().machine().keySet());
  }

  @Test
  void leavesNothingBeside() throws IOException {
    ResultFile.write(file, Comparisons.sample());
    assertThat(names()).containsExactly("compare.json");
  }

  @Test
  void passesOverWhatItDoesNotKnow() throws IOException {
    ResultFile.write(file, Comparisons.sample());
    edit("\"seed\": 42", "\"seed\": 42, \"weather\": [1]");
    assertThat(ResultFile.read(file)).isEqualTo(Comparisons.sample());
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read results from "
                + file
                + ": no such file. Measure first with bench/run compare.");
  }

  @Test
  void saysThatAnotherVersionWroteIt() throws IOException {
    ResultFile.write(file, Comparisons.sample());
    edit("\"format\": 2", "\"format\": 7");
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read results from "
                + file
                + ": format 7 (expected: 2), so another version wrote it."
                + " Measure again with bench/run compare --restart.");
  }

  @Test
  void saysThatItWasCutShortWhereverThatWas() throws IOException {
    ResultFile.write(file, Comparisons.sample());
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 2; length += 997) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ResultFile.read(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cut short or not JSON")
          .hasMessageEndingWith("Measure again with bench/run compare --restart.");
    }
  }

  @Test
  void saysThatItIsNoText() throws IOException {
    Files.createDirectories(folder.resolve("made"));
    Files.write(file, new byte[] {(byte) 0xff, 1});
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"seed\": 42; \"seed\": 4.5; seed: 4.5 (expected: a whole number)",
        "\"seed\": 42; \"seed\": \"4\"; seed: another text (expected: a whole number)",
        "\"seed\": 42; \"sead\": 42; seed: missing (expected: a whole number)",
        "\"complete\": true; \"complete\": null; complete: null (expected: true or false)",
        "\"begun\": \"2026; \"begun\": \"x2026; begun: no moment (expected: ISO 8601, UTC)",
        "\"took\": \"PT; \"took\": \"; took: no duration (expected: ISO 8601)",
        "\"cores\":\"2\"; \"cores\":2; machine.cores: 2 (expected: a text)",
        "\"failures\": []; \"failures\": {}; failures: an object (expected: a list)",
        "\"failures\": []; \"failures\": [3]; failures[0]: no statement (expected: a list that"
            + " begins with a key)",
        "\"p99.9\"],0.2; \"p99.9\"],\"0.2\"; noise[0][1]: another text (expected: a number)",
        "\"median\":2.9; \"median\":[]; measurements[0].median: a list (expected: a number)",
        "REAL; SURREAL; participants[3].realness: another text (expected: one of"
            + " [REAL, EMULATED, NAMED])",
        "\"participants\": [; \"participants\": [7,; participants[0]: 7 (expected: an object)"
      })
  void namesTheFieldThatIsOfAnotherType(String written, String edited, String told)
      throws IOException {
    ResultFile.write(file, Comparisons.sample());
    edit(written, edited);
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read results from "
                + file
                + ": "
                + told
                + ". Measure again with bench/run compare --restart.");
  }

  @Test
  void saysThatADocumentIsNoObject() throws IOException {
    Files.createDirectories(folder.resolve("made"));
    Files.writeString(file, "[]");
    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("document: a list (expected: an object)");
  }

  @Test
  void keepsTheOldFileWhenTheNewOneCannotBeWritten() throws IOException {
    ResultFile.write(file, Comparisons.sample());
    Path deep = DeepFolder.below(folder).resolve("compare.json");
    Files.copy(file, deep);
    assertThatThrownBy(() -> ResultFile.write(deep, Comparisons.incomplete()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot save results to "
                + deep
                + ": File name too long; what was saved there before is kept. Free some space"
                + " or name another file with --json.");
    assertThat(ResultFile.read(deep)).isEqualTo(Comparisons.sample());
  }

  @Test
  void followsNoLinkThatWaitsInTheFolder() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "theirs");
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file.resolveSibling("compare.json.part"), other);
    ResultFile.write(file, Comparisons.sample());
    assertThat(other).content().isEqualTo("theirs");
  }

  private void edit(String written, String edited) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    assertThat(text).contains(written);
    int at = text.indexOf(written);
    Files.writeString(file, text.substring(0, at) + edited + text.substring(at + written.length()));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(file.getParent())) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
