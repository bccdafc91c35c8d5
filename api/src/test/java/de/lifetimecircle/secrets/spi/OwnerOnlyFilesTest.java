package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders for their owner only, written at once. */
class OwnerOnlyFilesTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void fileIsReplacedWithoutARest() throws IOException {
    Path file = folder.resolve("token");
    OwnerOnlyFiles.write(file, bytes("first, and longer"));
    OwnerOnlyFiles.write(file, bytes("second"));
    assertThat(file).hasContent("second");
    assertThat(rights(file)).isEqualTo("rw-------");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(file);
    }
  }

  @Test
  void replacingRestrictsAFileThatOthersCouldRead() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    OwnerOnlyFiles.write(file, bytes("new"));
    assertThat(rights(file)).isEqualTo("rw-------");
  }

  @Test
  void failedWriteLeavesTheOldContentAndNoDraft() throws IOException {
    Path file = Files.createDirectory(folder.resolve("token"));
    Path inside = Files.writeString(file.resolve("old"), "old");
    assertThatThrownBy(() -> OwnerOnlyFiles.write(file, bytes("new")))
        .isInstanceOf(IOException.class);
    assertThat(inside).hasContent("old");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(file);
    }
    assertThatThrownBy(() -> OwnerOnlyFiles.write(folder.resolve("none/token"), bytes("new")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void attributesMakeFilesAndFoldersPrivate() throws IOException {
    Path made = Files.createDirectory(folder.resolve("keys"), OwnerOnlyFiles.folder(folder));
    assertThat(rights(made)).isEqualTo("rwx------");
    Path file = Files.createFile(made.resolve("key"), OwnerOnlyFiles.file(made));
    assertThat(rights(file)).isEqualTo("rw-------");
  }

  @Test
  void fileSystemWithoutPermissionsGetsNone() throws IOException {
    Path archive = folder.resolve("archive.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      assertThat(OwnerOnlyFiles.file(zip.getPath("/a"))).isEmpty();
      assertThat(OwnerOnlyFiles.folder(zip.getPath("/a"))).isEmpty();
    }
  }
}
