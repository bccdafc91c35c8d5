package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in a folder where other users of the host can write, as in {@code /tmp}. */
class RenderedFileTest {
  private static final String STRANGER = "nobody";

  @TempDir private Path folder;
  private Path target;

  @BeforeEach
  void share() throws IOException, InterruptedException {
    chmod("1777");
    target = folder.resolve("app.conf");
  }

  /** By the program, because Java has no name for the sticky bit. */
  private void chmod(String mode) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("chmod", mode, folder.toString()).start().waitFor()).isZero();
  }

  private RenderedFile rendered(String owner) {
    return new RenderedFile(target, FileAccess.of(null, owner), null);
  }

  private static byte[] canary() {
    return "canary-7f3a".getBytes(StandardCharsets.UTF_8);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** Makes the file as another user does who waits for the secret; only root can do that here. */
  private void makeAsStranger() throws IOException {
    Files.createFile(target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
    try {
      Files.setOwner(
          target,
          target.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(STRANGER));
    } catch (FileSystemException e) {
      assumeTrue(false, "only root can give a file to another user");
    }
  }

  @Test
  void aFileOfAnotherUserIsRefusedUnlessTheOwnerIsNamed() throws IOException {
    makeAsStranger();
    assertThatThrownBy(() -> rendered(null).update(canary()))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("it belongs to " + STRANGER)
        .hasMessageContaining("--owner " + STRANGER);
    assertThat(target).isEmptyFile();
    rendered(STRANGER).update(canary());
    assertThat(Files.getOwner(target).getName()).isEqualTo(STRANGER);
    assertThat(mode(target)).as("kept with the owner").isEqualTo("rw-r-----");
  }

  /** As of a service, in a folder of root: nobody else can have made it. */
  @Test
  void aFileOfAnotherUserInAClosedFolderStaysHis() throws Exception {
    makeAsStranger();
    chmod("0755");
    rendered(null).update(canary());
    assertThat(Files.getOwner(target).getName()).isEqualTo(STRANGER);
    assertThat(mode(target)).isEqualTo("rw-r-----");
  }

  @Test
  void aRefusedFileLeavesNoMarkOfTheCommand() throws IOException {
    makeAsStranger();
    RenderedFile file = new RenderedFile(target, FileAccess.of(null, null), "true");
    assertThatThrownBy(() -> file.update(canary())).isInstanceOf(SecretException.class);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }

  @Test
  void aFileThatIsTakenFromAnotherUserKeepsNothingOfHis() throws IOException {
    makeAsStranger();
    rendered("root").update(canary());
    assertThat(Files.getOwner(target).getName()).isEqualTo("root");
    assertThat(mode(target)).as("as a new file").isEqualTo("rw-------");
  }

  @Test
  void aLinkThatReplacesTheTargetMeanwhileIsNotFollowed() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.createSymbolicLink(target, other);
    Path draft = Files.writeString(folder.resolve("draft"), "canary-7f3a");
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> FileAccess.of(null, null).apply(draft, target))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("not a regular file");
    assertThat(mode(draft)).isEqualTo("rw-------");
  }

  @Test
  void aFolderWhereOthersCanReplaceTheDraftIsRefused() throws Exception {
    rendered(null).update(canary());
    assertThat(mode(target)).as("sticky: nobody else can replace it").isEqualTo("rw-------");
    for (String mode : List.of("0777", "0775")) {
      chmod(mode);
      assertThatThrownBy(() -> rendered(System.getProperty("user.name")).requireWritable())
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("another user can lead it elsewhere")
          .hasMessageContaining(folder + ": others can write it")
          .hasMessageNotContaining("canary-7f3a");
    }
    chmod("0755");
    rendered(System.getProperty("user.name")).requireWritable();
  }
}
