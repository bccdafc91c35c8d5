package de.lifetimecircle.secrets.gpg.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of a change of several files, in the order in which a crash can cut them off. */
class StoreTransactionTest {
  @TempDir private Path folder;

  private final List<String> steps = new ArrayList<>();
  private String failing = "";
  private int passing;
  private DurableFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new DurableFiles(folder.toRealPath(), this::note);
    Files.writeString(folder.resolve("old"), "old");
    Files.writeString(folder.resolve("kept"), "kept");
    Files.writeString(folder.resolve("changed"), "by another");
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/old"), "old");
  }

  private void note(String step, String file) throws IOException {
    String named = step + " " + file.replaceAll("[0-9a-f]{32}", "*");
    if (named.equals(failing) && passing-- == 0) {
      throw new FileSystemException(file, null, "No space left on device");
    }
    steps.add(named);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private StoreTransaction change() {
    return new StoreTransaction(files, "a")
        .link("new/1", bytes("one"))
        .link("new/2", bytes("two"))
        .link("else/3", bytes("three"))
        .replace("current", bytes("two"))
        .remove("old")
        .remove("in/old")
        .remove("nowhere/old")
        .drop("kept", Sha256.hex(bytes("kept")))
        .drop("changed", Sha256.hex(bytes("as it was")));
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @Test
  void everythingIsOnTheDiskBeforeTheFirstNameChanges() throws Exception {
    change().run();
    assertThat(steps)
        .containsExactly(
            "mkdir .fgp",
            "sync ",
            "mkdir .fgp/tmp",
            "sync .fgp",
            "mkdir new",
            "sync ",
            "mkdir else",
            "sync ",
            "write .fgp/tmp/changing-*",
            "write .fgp/tmp/*",
            "sync .fgp/tmp/*",
            "write .fgp/tmp/*",
            "sync .fgp/tmp/*",
            "write .fgp/tmp/*",
            "sync .fgp/tmp/*",
            "write .fgp/tmp/*",
            "sync .fgp/tmp/*",
            "link new/1",
            "unlink .fgp/tmp/*",
            "link new/2",
            "unlink .fgp/tmp/*",
            "sync new",
            "link else/3",
            "unlink .fgp/tmp/*",
            "sync else",
            "rename current",
            "sync ",
            "delete old",
            "sync ",
            "delete in/old",
            "sync in",
            "delete kept",
            "delete .fgp/tmp/changing-*");
  }

  @Test
  void afterItEveryFileIsAsAskedFor() throws Exception {
    change().run();
    assertThat(text("new/1") + text("new/2") + text("else/3") + text("current"))
        .isEqualTo("onetwothreetwo");
    assertThat(text("changed")).isEqualTo("by another");
    assertThat(folder.resolve("old")).doesNotExist();
    assertThat(folder.resolve("kept")).doesNotExist();
    assertThat(folder.resolve(".fgp/tmp")).isEmptyDirectory();
  }

  @Test
  void aLinkMayBeTheLastStep() throws Exception {
    new StoreTransaction(files, "a").link("new/1", bytes("one")).run();
    assertThat(steps)
        .endsWith("link new/1", "unlink .fgp/tmp/*", "sync new", "delete .fgp/tmp/changing-*");
  }

  /** A later writer deletes only what a note names with its hash. */
  @Test
  void theNoteNamesWhatComesAndGoes() throws Exception {
    failing = "link new/1";
    assertThatThrownBy(() -> change().bucket(".fgp/index/0a-1.json", bytes("{}")).run())
        .isInstanceOf(FileSystemException.class);
    try (Stream<Path> left = Files.list(folder.resolve(".fgp/tmp"))) {
      List<Path> notes =
          left.filter(file -> WriteNote.isNote(file.getFileName().toString())).toList();
      assertThat(notes).hasSize(1);
      assertThat(Files.readString(notes.get(0)))
          .startsWith("a\n")
          .contains(
              "\nnew/1 " + Sha256.hex(bytes("one")) + "\n",
              "\nkept " + Sha256.hex(bytes("kept")) + "\n",
              "\n.fgp/index/0a-1.json " + Sha256.hex(bytes("{}")))
          .doesNotContain("current", "\nold ");
    }
  }

  /** Only a file whose bytes did not reach the disk may stay; the next writer removes it. */
  @ParameterizedTest
  @CsvSource({"write .fgp/tmp/changing-*, 0", "write .fgp/tmp/*, 0", "write .fgp/tmp/*, 3"})
  void aFullDiskLeavesEverythingAsItWas(String step, int before) {
    failing = step;
    passing = before;
    assertThatThrownBy(() -> change().run()).isInstanceOf(FileSystemException.class);
    assertThat(folder.resolve(".fgp/tmp")).isEmptyDirectory();
    assertThat(folder.resolve("old")).hasContent("old");
    assertThat(folder.resolve("current")).doesNotExist();
  }

  @Test
  void aFileThatIsThereIsNotLinkedOver() throws Exception {
    Files.createDirectories(folder.resolve("new"));
    Files.writeString(folder.resolve("new/1"), "mine");
    assertThatThrownBy(() -> change().run()).isInstanceOf(FileSystemException.class);
    assertThat(text("new/1")).isEqualTo("mine");
    assertThat(folder.resolve("current")).doesNotExist();
  }
}
