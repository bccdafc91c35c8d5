package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.wiring.FileAccess;
import de.lifetimecircle.secrets.operations.wiring.RenderedFile;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another user of this host owns a part of the way to a file that we write. */
class ForeignWayTest {
  private static final String CANARY = "canary-2b91";
  private static SecondAccount mallory;

  /** Closed to others, as a folder of root. */
  @TempDir private Path ours;

  private Path theirs;

  @BeforeAll
  static void makeAccount() {
    mallory = SecondAccount.create();
  }

  @AfterAll
  static void removeAccount() {
    mallory.close();
  }

  @BeforeEach
  void make() {
    theirs = Path.of(mallory.run("mktemp", "-d", mallory.home() + "/XXXXXX"));
    mallory.run("chmod", "0777", theirs.toString()); // so that the tests of any user can write
  }

  /** The ways by which a file in their hands leads into our folder, or could at any moment. */
  enum Way {
    THEIR_FOLDER(""),
    THEIR_LINK_AS_FOLDER("ln -s OURS link"),
    THEIR_LINK_FURTHER_UP("ln -s OURS/.. link"),
    A_FOLDER_IN_THEIRS("mkdir -m 0755 deep"),
    THEIR_LINK_TO_A_LINK("ln -s second link; ln -s OURS second");

    private final String script;

    Way(String script) {
      this.script = script;
    }

    /** Makes it and returns the file to write. */
    Path file(Path theirs, Path ours) {
      mallory.run("sh", "-c", "cd '" + theirs + "'; " + script.replace("OURS", ours.toString()));
      return switch (this) {
        case THEIR_FOLDER -> theirs.resolve("app.conf");
        case A_FOLDER_IN_THEIRS -> theirs.resolve("deep/app.conf");
        case THEIR_LINK_FURTHER_UP ->
            theirs.resolve("link").resolve(ours.getFileName()).resolve("app.conf");
        default -> theirs.resolve("link/app.conf");
      };
    }
  }

  private static byte[] canary() {
    return CANARY.getBytes(StandardCharsets.UTF_8);
  }

  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.list(ours)) {
      assertThat(files).isEmpty();
    }
    assertThat(mallory.run("find", theirs.toString(), "-type", "f")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aRenderedFileWithAnOwnerIsRefused(Way way) throws IOException {
    Path file = way.file(theirs, ours);
    RenderedFile rendered =
        new RenderedFile(file, FileAccess.of("0640", mallory.name()), "touch " + ours + "/ran");
    assertThatThrownBy(rendered::requireWritable)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("another user can lead it elsewhere")
        .hasMessageContaining("sudo -u");
    assertThatThrownBy(() -> rendered.update(canary()))
        .isInstanceOf(SecretException.class)
        .hasMessageNotContaining(CANARY);
    assertNothingWritten();
  }

  @ParameterizedTest
  @EnumSource
  void rootWritesNoValuesThere(Way way) throws IOException {
    Path file = way.file(theirs, ours);
    if (TrustedPath.isRoot()) {
      assertThatThrownBy(() -> PrivateFile.write(file, canary(), PrivateFile.Existing.REPLACED))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("another user can lead it elsewhere");
      assertThatThrownBy(() -> PrivateFile.makeFolder(file))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("another user can lead it elsewhere");
      assertNothingWritten();
    } else { // gives nothing away: the file belongs to the one who writes it
      assertThatThrownBy(() -> PrivateFile.requireOwnWay(file)).isInstanceOf(SecretException.class);
    }
  }

  /** Containers run as root on a checkout of another user, so the folder itself is no obstacle. */
  @ParameterizedTest
  @EnumSource
  void rootWritesAFileOfARepositoryThroughNoLinkOfTheirs(Way way) throws IOException {
    Path file = way.file(theirs, ours);
    boolean isLink = way != Way.THEIR_FOLDER && way != Way.A_FOLDER_IN_THEIRS;
    if (!TrustedPath.isRoot()) {
      assertThatCode(() -> TrustedPath.requireNoForeignLink(file)).doesNotThrowAnyException();
    } else if (isLink) {
      assertThatThrownBy(() -> RepositoryFile.write(file, "text", "the page"))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("is a link of " + mallory.name())
          .hasMessageContaining("sudo -u " + mallory.name());
      assertThatThrownBy(
              () -> RepositoryFile.write(file.resolveSibling("new/page"), "text", "the page"))
          .isInstanceOf(SecretException.class);
      assertNothingWritten();
    } else {
      RepositoryFile.write(file, "text", "the page");
      assertThat(file).hasContent("text");
    }
  }

  /** Each leads to a file that does not exist, or is empty: the writer would make or fill it. */
  @Test
  void rootFollowsNoLinkInPlaceOfTheFile() throws IOException {
    Path empty = Files.createFile(ours.resolve("empty"));
    String names = "secrets.yaml page.html known";
    mallory.run(
        "sh",
        "-c",
        "cd '"
            + theirs
            + "'; for n in "
            + names
            + "; do ln -s '"
            + empty
            + "' $n; done;"
            + " ln -s '"
            + ours
            + "' hooks");
    List<ThrowingCallable> writers =
        List.of(
            () -> OwnerOnlyFiles.write(theirs.resolve("known"), canary()),
            () -> InventoryText.begin(theirs.resolve("secrets.yaml")),
            () -> ExampleHooks.write(theirs.resolve("hooks")),
            () ->
                OutputFolder.write(
                    theirs, Map.of("page.html", "text"), PrivateFile.Existing.REPLACED));
    for (ThrowingCallable writer : writers) {
      if (TrustedPath.isRoot()) {
        assertThatThrownBy(writer)
            .isInstanceOf(SecretException.class)
            .hasMessageContaining("is a link of " + mallory.name());
      }
    }
    assertThat(empty).isEmptyFile();
    try (Stream<Path> files = Files.list(ours)) {
      assertThat(files).containsExactly(empty);
    }
  }
}
