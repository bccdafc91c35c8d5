package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
  @TempDir Path folder;

  private static String reason(Executable action) {
    try {
      action.execute();
    } catch (IOException e) {
      return FileFailure.reason(e);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it does not fail");
  }

  private static void list(Path file) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
      entries.forEach(entry -> {});
    }
  }

  @Test
  void theReasonsOfTheSystemAreWords() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThat(reason(() -> Files.readString(folder.resolve("none"))))
        .isEqualTo("no such file or folder");
    assertThat(reason(() -> Files.readString(folder))).isEqualTo("it is a folder");
    assertThat(reason(() -> Files.createFile(file))).isEqualTo("it exists");
    assertThat(reason(() -> Files.delete(folder))).isEqualTo("the folder is not empty");
    assertThat(reason(() -> list(file))).isEqualTo("it is not a folder");
    assertThat(reason(() -> Files.writeString(file.resolve("below"), "x")))
        .isEqualTo("Not a directory");
    Files.write(file, new byte[] {(byte) 0xc3, '('});
    assertThat(reason(() -> Files.readString(file))).isEqualTo("it is not UTF-8 text");
  }

  @Test
  void noReasonIsOnlyTheNameOfATypeOrOfAFile() {
    IOException[] all = {
      new AccessDeniedException("/srv/x"),
      new DirectoryNotEmptyException("/srv/x"),
      new FileSystemLoopException("/srv/x"),
      new MalformedInputException(1),
      new FileSystemException("/srv/x"),
      new FileSystemException("/srv/x", null, "No space left on device"),
      new IOException(),
      new IOException(" "),
      new IOException("Input/output error"),
    };
    for (IOException each : all) {
      assertThat(FileFailure.reason(each))
          .isNotBlank()
          .doesNotContain("Exception", "/srv/x", "null", "Input length");
    }
    assertThat(FileFailure.reason(all[5])).isEqualTo("No space left on device");
  }
}
