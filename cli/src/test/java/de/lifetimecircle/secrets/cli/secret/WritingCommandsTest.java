package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritingCommandsTest extends CommandTest {
  @TempDir Path folder;

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void generatesStraightIntoTheStore() {
    String shown = succeed("generate", "LTC_SECRET_KEY", "--type", "hex", "--bytes", "32");
    assertThat(held("LTC_SECRET_KEY")).matches("[0-9a-f]{64}");
    assertThat(shown)
        .isEqualTo("Created 'LTC_SECRET_KEY': version v1, 256 bits\n")
        .doesNotContain(held("LTC_SECRET_KEY"));
  }

  @Test
  void generatesForEachNameAnother() {
    String shown = succeed("generate", "a", "b", "--length", "40", "--json");
    assertThat(held("a")).matches("[A-Za-z0-9]{40}").isNotEqualTo(held("b"));
    assertThat(shown)
        .isEqualTo(
            printed(
                "generate",
                "[{\"name\":\"a\",\"version\":\"v1\",\"outcome\":\"created\"},"
                    + "{\"name\":\"b\",\"version\":\"v2\",\"outcome\":\"created\"}]"));
  }

  @Test
  void generateReplacesOnlyByForce() {
    store.holding("X", CANARY);
    assertThat(fail(ExitCode.CONFLICT, "generate", "X")).doesNotContain(CANARY);
    assertThat(held("X")).isEqualTo(CANARY);
    assertThat(succeed("generate", "X", "--force")).startsWith("Updated 'X'");
    assertThat(held("X")).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate X --bytes 15",
        "generate X --type alphanumeric --length 21",
        "generate X --type passphrase --words 6",
        "generate X --type hex --length 64",
        "generate X --type passphrase --bytes 32",
        "generate X --type rot13",
        "generate X --bytes 99999999999",
        "generate X --bytes many",
        "generate",
      })
  void generateRefusesWeakAndWrong(String line) {
    fail(ExitCode.USAGE, line.split(" "));
    assertThat(store.calls()).isZero();
  }

  @Test
  void generateSaysWhatWouldBeStrongEnough() {
    assertThat(fail(ExitCode.USAGE, "generate", "X", "--bytes", "8"))
        .contains("64 bits")
        .contains("at least bytes 16, which is 128 bits");
  }

  @Test
  void putsStandardInputByteByByte() {
    byte[] bytes = {1, 0, (byte) 0xfe, '\r'};
    assertThat(runWith(new FakeTerminal().input(bytes), "put", "X", "--stdin")).isZero();
    assertThat(store.secondClient().fetch("X").value().asBytes()).isEqualTo(bytes);
    assertThat(terminal.outText()).isEqualTo("Created 'X': version v1\n");
  }

  @Test
  void putReadsToTheEndAndRefusesWhatNoBackendTakes() {
    store.maxBytes(9 * 1024 * 1024);
    environment.put("SECRETS_LIMITS", "backend");
    byte[] large = new byte[8 * 1024 * 1024];
    java.util.Arrays.fill(large, (byte) 'a');
    assertThat(runWith(new FakeTerminal().input(large), "put", "X")).isZero();
    assertThat(store.secondClient().fetch("X").value().asBytes()).isEqualTo(large);
    byte[] tooLarge = new byte[large.length + 1];
    assertThat(runWith(new FakeTerminal().input(tooLarge), "put", "X")).isEqualTo(5);
  }

  @Test
  void putTellsOfNewlineAndTrimsOneOnDemand() {
    assertThat(runWith(new FakeTerminal().input(utf8(CANARY + "\n")), "put", "X")).isZero();
    assertThat(held("X")).isEqualTo(CANARY + "\n");
    assertThat(terminal.errText()).contains("--trim-newline").doesNotContain(CANARY);
    store.next(FakeStore.Op.PUT, "X", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(runWith(new FakeTerminal().input(utf8(CANARY + "\n")), "put", "X")).isEqualTo(4);
    assertThat(terminal.errText()).doesNotContain("was stored");

    FakeTerminal crlf = new FakeTerminal().input(utf8(CANARY + "\n\r\n"));
    assertThat(runWith(crlf, "put", "X", "--trim-newline")).isZero();
    assertThat(held("X")).isEqualTo(CANARY + "\n");
    assertThat(terminal.errText()).isEmpty();
  }

  @Test
  void putAsksTwiceOnTerminal() {
    assertThat(runWith(new FakeTerminal().person("pa\u00e4ss", "pa\u00e4ss"), "put", "X")).isZero();
    assertThat(held("X")).isEqualTo("pa\u00e4ss");
    FakeTerminal unsure = new FakeTerminal().person(CANARY, CANARY + "x");
    assertThat(runWith(unsure, "put", "X")).isEqualTo(2);
    assertThat(unsure.errText()).contains("differ").doesNotContain(CANARY);
    assertThat(held("X")).isEqualTo("pa\u00e4ss");
  }

  @Test
  void putReadsFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("value"), CANARY);
    assertThat(succeed("put", "X", "--file", file.toString())).contains("Created");
    assertThat(held("X")).isEqualTo(CANARY);
    assertThat(fail(ExitCode.INVALID, "put", "X", "--file", folder.resolve("no").toString()))
        .contains("no such file");
    fail(ExitCode.INVALID, "put", "X", "--file", folder.toString());
    fail(ExitCode.USAGE, "put", "X", "--file", file.toString(), "--stdin");
  }

  @Test
  void putRefusesAnEmptyValueThatAFailedPipeLeaves() {
    assertThat(fail(ExitCode.INVALID, "put", "X")).contains("--allow-empty");
    assertThat(fail(ExitCode.INVALID, "put", "X", "--allow-empty")).contains("limits=backend");
    assertThat(succeed("put", "X", "--allow-empty", "--set", "limits=backend")).contains("Created");
  }

  @Test
  void putKeepsConditions() {
    store.holding("X", "one");
    FakeTerminal two = new FakeTerminal().input(utf8("two"));
    assertThat(runWith(two, "put", "X", "--create")).isEqualTo(ExitCode.CONFLICT.code());
    two = new FakeTerminal().input(utf8("two"));
    assertThat(runWith(two, "put", "X", "--if-version", "v9")).isEqualTo(7);
    two = new FakeTerminal().input(utf8("two"));
    assertThat(runWith(two, "put", "X", "--if-version", "v1", "--json")).isZero();
    assertThat(two.outText())
        .isEqualTo(printed("put", "{\"name\":\"X\",\"version\":\"v2\",\"outcome\":\"updated\"}"));
    fail(ExitCode.USAGE, "put", "X", "--create", "--if-version", "v1");
    store.maxBytes(1);
    FakeTerminal large = new FakeTerminal().input(utf8(CANARY));
    assertThat(runWith(large, "put", "X")).isEqualTo(ExitCode.INVALID.code());
    assertThat(large.errText()).doesNotContain(CANARY);
  }

  @Test
  void rotatesToTheSameShapeAndBack() {
    store.holding("X", "0123456789abcdef".repeat(4));
    assertThat(succeed("rotate", "X")).isEqualTo("Rotated 'X': version v1 -> v2\n");
    assertThat(held("X")).matches("[0-9a-f]{64}").isNotEqualTo("0123456789abcdef".repeat(4));
    List<SecretVersion> versions = store.secondClient().versions("X");
    assertThat(versions).hasSize(2);

    assertThat(succeed("rollback", "X", "--json"))
        .isEqualTo(printed("rollback", "{\"name\":\"X\",\"version\":\"v1\"}"));
    assertThat(held("X")).isEqualTo("0123456789abcdef".repeat(4));
  }

  /** Both would say that they replaced the same version, and readers would lose it at once. */
  @Test
  void ofTwoRotationsAtOnceOneIsRefused() {
    store.holding("X", "0123456789abcdef".repeat(4));
    store.next(
        FakeStore.Op.PUT, "X", FakeStep.run(() -> store.secondClient().holding("X", "theirs")));
    assertThat(fail(ExitCode.CONFLICT, "rotate", "X")).contains("another writer has rotated");
    assertThat(held("X")).isEqualTo("theirs");
  }

  @Test
  void rotateAsksForTheTypeWhereItIsNotSure() {
    store.holding("X", "user:" + CANARY);
    assertThat(fail(ExitCode.USAGE, "rotate", "X")).contains("--type").doesNotContain(CANARY);
    assertThat(store.secondClient().versions("X")).hasSize(1);
    succeed("rotate", "X", "--type", "passphrase");
    assertThat(held("X")).matches("[a-z]{6}(-[a-z]{6}){6}");
    fail(ExitCode.NOT_FOUND, "rotate", "missing", "--type", "hex");
  }

  @Test
  void rotateTakesTheStoresValueBesideAnOverride() {
    String stored = "0123456789abcdef".repeat(4);
    store.holding("X", stored);
    environment.put("X_LOCAL", CANARY);
    assertThat(succeed("rotate", "X")).startsWith("Rotated 'X': version v1 -> v2");
    assertThat(held("X")).matches("[0-9a-f]{64}").isNotEqualTo(stored);
    assertThat(succeed("get", "X")).isEqualTo(CANARY);
  }

  @Test
  void deletesRestoresAndPurges() {
    store.holding("X", CANARY);
    assertThat(fail(ExitCode.USAGE, "delete", "X")).contains("--yes");
    assertThat(succeed("delete", "X", "--yes")).isEqualTo("Deleted 'X'\n");
    fail(ExitCode.CONFLICT, "get", "X");
    assertThat(succeed("restore", "X")).isEqualTo("Restored 'X'\n");
    assertThat(held("X")).isEqualTo(CANARY);
    fail(ExitCode.CONFLICT, "purge", "X", "--yes");
    succeed("delete", "X", "--yes");
    assertThat(succeed("purge", "X", "--yes", "--json"))
        .isEqualTo(printed("purge", "{\"name\":\"X\",\"outcome\":\"purged\"}"));
    fail(ExitCode.NOT_FOUND, "restore", "X");
  }

  @Test
  void deleteAsksThePersonAtTheTerminal() {
    store.holding("X", CANARY);
    FakeTerminal no = new FakeTerminal().person("");
    assertThat(runWith(no, "delete", "X")).isEqualTo(2);
    assertThat(no.errText()).contains("Delete 'X' with all its versions? [y/N]");
    assertThat(held("X")).isEqualTo(CANARY);
    assertThat(runWith(new FakeTerminal().person("y"), "delete", "X")).isZero();
    fail(ExitCode.CONFLICT, "get", "X");
  }

  @Test
  void saysWhatABackendCannotDo() {
    use(FakeStore.with().holding("X", CANARY));
    for (String line :
        List.of("versions X", "list", "restore X", "rollback X", "delete X --yes", "generate Y")) {
      fail(ExitCode.INVALID, line.split(" "));
    }
    assertThat(fail(ExitCode.INVALID, "recipients", "list")).contains("recipients");
  }
}
