package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code secrets store}, on a real store of files. */
class StoreCommandTest extends CommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeStore() throws Exception {
    environment.clear();
    environment.put("SECRETS_BACKEND", "gpg");
    environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    Path value = Files.writeString(folder.resolve("value"), CANARY);
    succeed("put", "A", "--file", value.toString());
    succeed("put", "B", "--file", value.toString());
  }

  private Path file(String file) {
    return folder.resolve("store").resolve(file);
  }

  private String archive() {
    return folder.resolve("backup.tar.gz").toString();
  }

  @Test
  void verifyEndsWithWhatIsWrong() throws Exception {
    assertThat(succeed("store", "verify")).contains("decrypted:").contains("The store is intact");
    byte[] stray = Files.readAllBytes(file("A.gpg"));
    Files.write(file(".fgp/versions/A~/00000002.pgp"), stray);
    assertThat(run("store", "verify")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("UNPROVED  .fgp/versions/A~/00000002.pgp: ");
    Files.write(file("B.gpg"), new byte[] {1});
    assertThat(run("store", "verify", "--json")).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(terminal.outText())
        .contains("\"exitCode\":8")
        .contains("{\"level\":\"damaged\",\"subject\":\"B.gpg\"")
        .doesNotContain("The store is intact")
        .doesNotContain(CANARY)
        .hasLineCount(1);
  }

  @Test
  void backupIsVerifiedAndNotOverwritten() throws Exception {
    assertThat(run("store", "backup", archive())).isZero();
    assertThat(terminal.outText()).contains("The backup is intact");
    assertThat(terminal.errText()).contains("the key is not in the backup");
    assertThat(succeed("store", "verify", archive())).contains(archive());
    assertThat(fail(ExitCode.CONFLICT, "store", "backup", archive())).contains("--replace");
    assertThat(run("store", "backup", archive(), "--replace")).isZero();
    assertThat(fail(ExitCode.INVALID, "store", "backup", file("x.tar").toString()))
        .contains("inside the store");
    assertThat(Files.readString(Path.of(archive()), StandardCharsets.ISO_8859_1))
        .doesNotContain(CANARY);
    Files.writeString(Path.of(archive()), "no archive");
    assertThat(fail(ExitCode.CORRUPT, "store", "verify", archive())).contains(archive());
    assertThat(fail(ExitCode.NOT_FOUND, "store", "verify", folder + "/none")).contains("none");
  }

  @Test
  void repairShowsThePlanAndAsks() throws Exception {
    assertThat(succeed("store", "repair", "--yes")).isEqualTo("Nothing to repair\n");
    Files.delete(file(".fgp/index.pgp"));
    assertThat(fail(ExitCode.CORRUPT, "get", "A", "--show")).contains("secrets store repair");
    assertThat(run("store", "repair", "--dry-run")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("UNPROVED  .fgp/index.pgp: ").contains("A, B");
    assertThat(run("store", "repair")).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("Add --yes");
    assertThat(file(".fgp/index.pgp")).doesNotExist();
    assertThat(run("store", "repair", "--yes")).isZero();
    assertThat(terminal.errText()).contains("secrets store verify");
    assertThat(succeed("get", "A")).isEqualTo(CANARY);
    assertThat(run("store", "verify")).isZero();
  }

  @Test
  void theFirstPutMakesAnotherStoreOfTheSameKey() throws Exception {
    Path value = Files.writeString(folder.resolve("other"), CANARY);
    environment.put("SECRETS_GPG_STORE", folder.resolve("second").toString());
    assertThat(fail(ExitCode.UNAVAILABLE, "get", "A")).contains("the first put makes a new one");
    succeed("put", "A", "--file", value.toString());
    assertThat(succeed("get", "A")).isEqualTo(CANARY);
  }

  @Test
  void otherBackendsHaveNoStoreOfFiles() {
    environment.clear();
    useStore();
    assertThat(fail(ExitCode.INVALID, "store", "verify")).contains("on a server");
    assertThat(fail(ExitCode.USAGE, "store")).contains("secrets store --help");
  }
}
