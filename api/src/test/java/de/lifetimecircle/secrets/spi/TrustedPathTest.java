package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedPathTest {
  @TempDir Path temporary;
  private Path folder;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(temporary.resolve("rules"));
    file = Files.writeString(folder.resolve("agent.rules"), "user app *\n");
    mode(folder, "rwxr-xr-x");
    mode(file, "rw-r--r--");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void give(Path path, String user) throws IOException {
    Files.setOwner(
        path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  @Test
  void ownFileInAnOwnFolderIsTrusted() throws IOException {
    assertThat(TrustedPath.problems(file)).isEmpty();
  }

  @Test
  void folderInWhichOthersCanReplaceTheFileIsRefused() throws IOException {
    mode(folder, "rwxrwxr-x");
    assertThat(TrustedPath.problems(file)).containsExactly(othersWrite(folder));
    mode(folder, "rwxr-xrwx");
    assertThat(TrustedPath.problems(file)).hasSize(1);
    // In /tmp, only the owner of a file can replace it.
    Files.setAttribute(folder, "unix:mode", 01777);
    assertThat(TrustedPath.problems(file)).isEmpty();
  }

  /** The rules of a team are often a link to a checkout. */
  @Test
  void folderOfALinksTargetCountsToo() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("checkout"));
    Path target = Files.move(file, other.resolve("agent.rules"));
    Files.createSymbolicLink(file, target);
    mode(other, "rwxr-xr-x");
    assertThat(TrustedPath.problems(file)).isEmpty();
    mode(other, "rwxrwxrwx");
    assertThat(TrustedPath.problems(file)).hasSize(1).allMatch(p -> p.contains("checkout"));
    mode(other, "rwxr-xr-x");
    mode(folder, "rwxrwxrwx");
    assertThat(TrustedPath.problems(file)).hasSize(1).allMatch(p -> p.contains("rules"));
  }

  @Test
  void fileAndFolderOfAnotherUserAreRefused() throws IOException {
    assumeTrue(TrustedPath.isRoot(), "only root can give files away");
    give(file, "nobody");
    assertThat(TrustedPath.problems(file))
        .containsExactly(file + " belongs to nobody (expected: root)");
    give(file, "root");
    give(folder, "nobody");
    assertThat(TrustedPath.problems(file)).hasSize(1);
    assertThat(TrustedPath.problems(file).get(0)).contains("belongs to nobody");
  }

  @Test
  void nameOfTheUserThatAnOptionSetsMakesNoFileOurs() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self")), "only there the system tells our number");
    Path foreign = TrustedPath.isRoot() ? file : Path.of("/");
    if (TrustedPath.isRoot()) {
      give(file, "nobody");
    }
    String name = System.getProperty("user.name");
    System.setProperty("user.name", Files.getOwner(foreign).getName());
    try {
      assertThat(TrustedPath.isOwn(foreign)).isFalse();
      assertThat(TrustedPath.isOwn(folder)).as("by the number").isTrue();
    } finally {
      System.setProperty("user.name", name);
    }
  }

  /** Whoever may rename a folder further up can put another tree in its place. */
  @Test
  void folderFurtherUpCountsToo() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("a/b")).resolve("agent.rules");
    Files.move(file, deep);
    mode(folder.resolve("a"), "rwxr-xr-x");
    mode(folder.resolve("a/b"), "rwxr-xr-x");
    assertThat(TrustedPath.problems(deep)).isEmpty();
    mode(folder, "rwxrwxr-x");
    assertThat(TrustedPath.problems(deep)).containsExactly(othersWrite(folder));
    // As /tmp: only the owner of an entry can rename it, and that is root or ours.
    Files.setAttribute(folder, "unix:mode", 01777);
    assertThat(TrustedPath.problems(deep)).isEmpty();
  }

  @Test
  void folderFurtherUpOfAnotherUserIsRefused() throws IOException {
    assumeTrue(TrustedPath.isRoot(), "only root can give files away");
    Path deep = Files.createDirectories(folder.resolve("a/b")).resolve("agent.rules");
    Files.move(file, deep);
    give(folder, "nobody");
    assertThat(TrustedPath.problems(deep))
        .containsExactly(folder.toRealPath() + " belongs to nobody (expected: root)");
  }

  /** In a folder as /tmp its owner can lead it elsewhere at any time. */
  @Test
  void linkOfAnotherUserIsRefused() throws IOException {
    assumeTrue(TrustedPath.isRoot(), "only root can give links away");
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setAttribute(open, "unix:mode", 01777);
    Path link = Files.createSymbolicLink(open.resolve("link"), folder);
    assertThat(TrustedPath.problems(link.resolve("agent.rules"))).isEmpty();
    Files.setAttribute(link, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    assertThat(TrustedPath.problems(link.resolve("agent.rules")))
        .containsExactly(link + " belongs to nobody (expected: root)");
  }

  /** The second link is in a folder that is on neither path, nor on the real one. */
  @Test
  void folderOfALinkToALinkCountsToo() throws IOException {
    Path between = Files.createDirectory(temporary.resolve("between"));
    Path second = Files.createSymbolicLink(between.resolve("second"), folder);
    Path first =
        Files.createSymbolicLink(temporary.resolve("first"), Path.of("x/../between/second"));
    Files.createDirectory(temporary.resolve("x"));
    mode(between, "rwxr-xr-x");
    mode(temporary.resolve("x"), "rwxrwxrwx"); // the way leads out of it, past all of its entries
    assertThat(TrustedPath.problems(first.resolve("agent.rules"))).isEmpty();
    mode(between, "rwxrwxrwx");
    assertThat(TrustedPath.problems(first.resolve("agent.rules")))
        .containsExactly(othersWrite(between));
    Files.setAttribute(between, "unix:mode", 01777);
    assertThat(TrustedPath.problems(first.resolve("agent.rules"))).isEmpty();
    assumeTrue(TrustedPath.isRoot(), "only root can give links away");
    Files.setAttribute(second, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    assertThat(TrustedPath.problems(first.resolve("agent.rules")))
        .containsExactly(
            second.toRealPath(java.nio.file.LinkOption.NOFOLLOW_LINKS)
                + " belongs to nobody (expected: root)");
  }

  @Test
  void circleOfLinksAndAnAbsentFileAreErrors() throws IOException {
    Path one = temporary.resolve("one");
    Files.createSymbolicLink(one, temporary.resolve("two"));
    Files.createSymbolicLink(temporary.resolve("two"), one);
    assertThatThrownBy(() -> TrustedPath.placeProblems(one.resolve("agent.rules")))
        .isInstanceOf(FileSystemLoopException.class);
    assertThatThrownBy(() -> TrustedPath.placeProblems(folder.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static String othersWrite(Path place) throws IOException {
    Path real = place.toRealPath();
    return real + ": others can write it (expected: run 'chmod go-w " + real + "')";
  }
}
