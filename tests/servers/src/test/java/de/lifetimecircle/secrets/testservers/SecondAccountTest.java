package de.lifetimecircle.secrets.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second account is another user, and leaves nothing behind. */
final class SecondAccountTest {
  @TempDir private Path folder;

  private static String accounts() throws IOException {
    return Files.readString(Path.of("/etc/passwd")) + Files.readString(Path.of("/etc/group"));
  }

  @Test
  void isAnotherUserUntilItIsClosed() throws Exception {
    Path home;
    Process running;
    String name;
    try (SecondAccount account = SecondAccount.create();
        SecondAccount third = SecondAccount.create()) {
      name = account.name();
      home = account.home();
      assertThat(account.run("id", "-un")).isEqualTo(name).isNotEqualTo(third.name());
      assertThat(account.run("id", "-Gn")).isEqualTo(name);
      assertThat(account.run("pwd")).isEqualTo(home.toString());
      account.run("sh", "-c", "printf theirs > file; ln -s file link");
      assertThat(Files.getOwner(home.resolve("file")).getName()).isEqualTo(name);
      assertThat(accounts()).contains(name + ":", third.name() + ":");
      running = account.start("sh", "-c", "sleep 600; :");
    }
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(home).doesNotExist();
    assertThat(accounts()).doesNotContain(name);
  }

  /** Whatever the umask of this build. */
  @Test
  void readsWhatIsWrittenForIt() throws Exception {
    byte[] large = new byte[1 << 20];
    Arrays.fill(large, (byte) 'x');
    try (SecondAccount account = SecondAccount.create()) {
      Path file = account.write("its file", "first".getBytes(StandardCharsets.UTF_8));
      assertThat(account.run("cat", file.toString())).isEqualTo("first");
      assertThat(Files.getOwner(file).getName()).isEqualTo(account.name());
      assertThat(account.write("its file", large)).isEqualTo(file);
      assertThat(account.run("wc", "-c", "its file")).isEqualTo(large.length + " its file");
      account.run("mkdir", "folder");
      assertThatThrownBy(() -> account.write("folder", large))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void mayNotReadOursAndSaysSo() throws Exception {
    Path ours =
        Files.createFile(
            folder.resolve("ours"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (SecondAccount account = SecondAccount.create()) {
      assertThatThrownBy(() -> account.run("cat", ours.toString()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Permission denied");
      assertThatThrownBy(() -> account.run("touch", folder.resolve("theirs").toString()))
          .hasMessageContaining("Permission denied");
    }
  }
}
