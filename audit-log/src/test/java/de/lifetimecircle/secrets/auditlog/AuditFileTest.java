package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log does with the end of its file after a write that was cut off. */
class AuditFileTest {
  private static final String LINE = "{\"audit\":1,\"operation\":\"read\"}\n";

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("audit.log");
  }

  /** Returns whether the next line can follow; compares what the file holds then. */
  private boolean isEnded(String before, String after) throws IOException {
    AuditFile file = AuditFile.open(path().toString());
    String start = before.startsWith("before") ? "before\n".repeat(20) : ""; // longer than a line
    Files.writeString(path(), start + before);
    boolean ended = file.isEnded(LINE.getBytes(StandardCharsets.UTF_8));
    assertThat(Files.readString(path())).isEqualTo(start + after);
    return ended;
  }

  @Test
  void aLineThatWasCutOffIsEndedInItsLastByte() throws IOException {
    assertThat(isEnded("before\n{\"audit\":1,", "before\n{\"audit\":1\n")).isTrue();
    assertThat(isEnded("{\"audit\":1,", "{\"audit\":1\n")).as("in a new file").isTrue();
    assertThat(isEnded("before\n{", "before\n\n")).as("after one byte").isTrue();
    String most = LINE.substring(0, LINE.length() - 1);
    assertThat(isEnded(most, most.substring(0, most.length() - 1) + "\n")).isTrue();
  }

  @Test
  void aDiskThatTookNothingLeavesNothingToEnd() throws IOException {
    assertThat(isEnded("before\n", "before\n")).isTrue();
    assertThat(isEnded("", "")).isTrue();
  }

  @Test
  void theEndOfAnotherProcessIsLeftAlone() throws IOException {
    String others = "before\n{\"audit\":1,{\"of\":2}";
    assertThat(isEnded(others, others)).isFalse();
    String longer = "x".repeat(LINE.length() * 2);
    assertThat(isEnded(longer, longer)).isFalse();
  }

  @Test
  void theLineAfterOneThatCouldNotBeEndedBeginsWithALineBreak() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/full"));
    AuditFile file = AuditFile.open(link.toString());
    assertThat(file.isEnded(LINE.getBytes(StandardCharsets.UTF_8))).as("of a device").isFalse();
    assertThatThrownBy(() -> file.append("{}")).isInstanceOf(IOException.class);
    Files.delete(link);
    Files.createSymbolicLink(link, Files.writeString(path(), "{\"au"));
    file.append("{}");
    file.append("{}");
    assertThat(Files.readString(path())).isEqualTo("{\"au\n{}\n{}\n");
  }

  /** Two providers of one process may share a log, and two logs may share a folder. */
  @Test
  void aLineThatWasCutOffConcernsThatLogAlone() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/full"));
    AuditFile full = AuditFile.open(link.toString());
    AuditFile same = AuditFile.open(folder.resolve("./link").toString());
    AuditFile other = AuditFile.open(path().toString());
    assertThatThrownBy(() -> full.append("{}")).isInstanceOf(IOException.class);
    other.append("{}");
    assertThat(Files.readString(path())).isEqualTo("{}\n");
    Files.delete(link);
    Path replaced = Files.writeString(folder.resolve("replaced"), "{\"au");
    Files.createSymbolicLink(link, replaced);
    same.append("{}");
    full.append("{}");
    assertThat(Files.readString(replaced)).isEqualTo("{\"au\n{}\n{}\n");
  }

  @Test
  void aLogIsForItsOwnerFromTheFirstMomentAndAfterARotation() throws IOException {
    AuditFile file = AuditFile.open(path().toString());
    assertThat(rights()).isEqualTo("rw-------");
    Files.delete(path());
    file.append("{}");
    assertThat(rights()).isEqualTo("rw-------");
    assertThat(file).hasToString(path().toString());
  }

  private String rights() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path()));
  }

  @Test
  void aReasonLeavesThePathOut() {
    assertThat(AuditFile.reason(new AccessDeniedException("/log"))).isEqualTo("permission denied");
    assertThat(AuditFile.reason(new NoSuchFileException("/log")))
        .isEqualTo("there is no such folder");
    assertThat(AuditFile.reason(new FileSystemException("/log", null, "No space left")))
        .isEqualTo("No space left");
    assertThat(AuditFile.reason(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
    assertThat(AuditFile.reason(new IOException())).isEqualTo("the system gives no reason");
  }
}
