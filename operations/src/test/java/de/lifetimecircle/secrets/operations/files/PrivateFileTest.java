package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.PrivateFile.Existing;
import de.lifetimecircle.secrets.operations.wiring.SystemdCredentials;
import de.lifetimecircle.secrets.operations.wiring.VariableValue;
import de.lifetimecircle.secrets.operations.wiring.Wired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir Path folder;

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isForItsOwnerAndThereAsAWhole() throws IOException {
    Path file = folder.resolve("file");
    PrivateFile.write(file, new byte[] {1, 2}, Existing.REFUSED);
    assertThat(file).hasBinaryContent(new byte[] {1, 2});
    assertThat(rights(file)).isEqualTo("rw-------");
    assertThatThrownBy(() -> PrivateFile.write(file, new byte[] {3}, Existing.REFUSED))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("the file exists");
    assertThat(file).hasBinaryContent(new byte[] {1, 2});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    PrivateFile.write(file, new byte[] {3}, Existing.REPLACED);
    assertThat(file).hasBinaryContent(new byte[] {3});
    assertThat(rights(file)).isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void goesThroughNoLinkAndMakesNoFolder() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "kept");
    Path link = Files.createSymbolicLink(folder.resolve("link"), other);
    assertThatThrownBy(() -> PrivateFile.write(link, new byte[1], Existing.REPLACED))
        .hasMessageContaining("not a regular file");
    assertThat(other).hasContent("kept");
    Path nowhere = folder.resolve("no/file");
    assertThatThrownBy(() -> PrivateFile.write(nowhere, new byte[1], Existing.REPLACED))
        .hasMessageContaining("there is no such folder");
  }

  @Test
  void credentialsAreTheExactBytesInAFolderOfTheirOwner() throws IOException {
    Path place = folder.resolve("credentials");
    SystemdCredentials credentials =
        new SystemdCredentials(place, SystemdCredentials.Protection.PLAIN, Map.of());
    byte[] bytes = {0, (byte) 0xff, '\n'};
    List<VariableValue> values = List.of(Wired.value("A", bytes), Wired.value("B", "text\n"));
    assertThat(credentials.write(values, Existing.REFUSED))
        .containsExactly("LoadCredential=A:" + place + "/A", "LoadCredential=B:" + place + "/B");
    assertThat(place.resolve("A")).hasBinaryContent(bytes);
    assertThat(place.resolve("B")).hasContent("text\n");
    assertThat(rights(place)).isEqualTo("rwx------");
    assertThat(rights(place.resolve("A"))).isEqualTo("rw-------");
    assertThatThrownBy(() -> credentials.write(values, Existing.REFUSED))
        .hasMessageContaining("exists");
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> credentials.write(values, Existing.REPLACED))
        .hasMessageContaining("others can read the folder");
  }

  /** The host's key is one of this test's own, not that of the machine. */
  @Test
  void systemdDecryptsWhatItEncrypted() throws IOException, InterruptedException {
    Map<String, String> environment =
        Map.of(
            "PATH", System.getenv("PATH"),
            "SYSTEMD_CREDENTIAL_SECRET", folder.resolve("host.key").toString());
    Path place = folder.resolve("sealed");
    byte[] bytes = {0, (byte) 0xff, '\n', 'x'};
    assertThat(
            new SystemdCredentials(place, SystemdCredentials.Protection.ENCRYPTED, environment)
                .write(List.of(Wired.value("A", bytes)), Existing.REFUSED))
        .containsExactly("LoadCredentialEncrypted=A:" + place + "/A");
    assertThat(rights(place.resolve("A"))).isEqualTo("rw-------");
    ProcessBuilder builder =
        new ProcessBuilder("systemd-creds", "decrypt", "--name=A", place + "/A", "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.getInputStream().readAllBytes()).isEqualTo(bytes);
    assertThat(process.waitFor()).isZero();
  }

  /**
   * Programs in the place of {@code systemd-creds}, which cannot be made to hang or to end early.
   */
  private SystemdCredentials encryptedBy(String script, Duration patience) throws IOException {
    Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new SystemdCredentials(
        folder.resolve("c"),
        SystemdCredentials.Protection.ENCRYPTED,
        Map.of("PATH", System.getenv("PATH")),
        program.toString(),
        patience);
  }

  @Test
  void leavesNothingWhereTheProgramHangsOrEndsEarlyOrFailsLater() throws IOException {
    VariableValue large = Wired.value("A", new byte[1 << 20]);
    SystemdCredentials hangs = encryptedBy("exec sleep 60\n", Duration.ofMillis(300));
    assertThatThrownBy(() -> hangs.write(List.of(large), Existing.REFUSED))
        .hasMessageContaining("systemd-creds does not end");
    SystemdCredentials endsEarly = encryptedBy("exit 3\n", Duration.ofMinutes(1));
    assertThatThrownBy(() -> endsEarly.write(List.of(large), Existing.REFUSED))
        .hasMessageContaining("failed with exit code 3");
    SystemdCredentials failsLater =
        encryptedBy("[ \"$2\" = --name=A ] && exec cat; exit 4\n", Duration.ofMinutes(1));
    List<VariableValue> two = List.of(Wired.value("A", "first"), Wired.value("B", "second"));
    assertThatThrownBy(() -> failsLater.write(two, Existing.REFUSED))
        .hasMessageContaining("'prod/B'")
        .hasMessageContaining("failed with exit code 4");
    assertThat(folder.resolve("c")).isEmptyDirectory();
    assertThat(failsLater.write(List.of(Wired.value("A", "first")), Existing.REFUSED)).hasSize(1);
  }

  @Test
  void saysWhenSystemdCannotBeAsked() {
    Map<String, String> nowhere =
        Map.of("PATH", System.getenv("PATH"), "SYSTEMD_CREDENTIAL_SECRET", "/proc/no-such/key");
    SystemdCredentials credentials =
        new SystemdCredentials(
            folder.resolve("c"), SystemdCredentials.Protection.ENCRYPTED, nowhere);
    assertThatThrownBy(
            () -> credentials.write(List.of(Wired.value("A", "value")), Existing.REFUSED))
        .hasMessageContaining("Cannot encrypt the credential of secret 'prod/A'")
        .hasMessageContaining("systemd-creds");
    assertThat(folder.resolve("c/A")).doesNotExist();
  }
}
