package de.lifetimecircle.secrets.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCommandTest extends CommandTest {
  private static final String OLD = "0123456789abcdef".repeat(4);
  private static final String NEW = "fedcba9876543210".repeat(4);

  @TempDir Path folder;
  private String inventory = "";
  private String place = "";

  @BeforeEach
  void fill() throws IOException {
    inventory = folder.resolve("secrets.yaml").toString();
    Files.writeString(
        Path.of(inventory),
        """
        version: 1
        service: ltc
        owner: Sec
        environments: {prod: {prefix: prod/}}
        secrets:
          KEY: {description: a key, generator: hex 32}
          PORT: {description: a port}
        """);
    store.holding("prod/KEY", OLD).holding("prod/KEY", NEW).holding("prod/PORT", "5432");
    Path files = Files.createDirectory(folder.resolve("files"));
    String encoded = Base64.getEncoder().encodeToString(NEW.getBytes(StandardCharsets.UTF_8));
    Files.writeString(files.resolve("app.log"), "one\ntwo " + encoded + "\n");
    place = files.toString();
  }

  @Test
  void tellsWhereAndWhatToDoAndEndsWithNine() {
    assertThat(run("scan", place, "--inventory", inventory)).isEqualTo(9);
    assertThat(terminal.outText())
        .isEqualTo(
            "FOUND prod/KEY: version v2 (current), base64, in "
                + place
                + "/app.log:2\n"
                + "SKIP  prod/PORT: too short to distinguish it from other text\n"
                + "NEXT  secrets emergency KEY --inventory "
                + inventory
                + "\n"
                + "Searched 1 file for 2 values: found in 1 place.\n");
    assertThat(terminal.errText()).isEmpty();
    FakeTerminal unread = new FakeTerminal().rejecting("Broken pipe");
    assertThat(runWith(unread, "scan", place, "--inventory", inventory)).isEqualTo(9);
  }

  @Test
  void writesJson() {
    assertThat(run("scan", place, "--inventory", inventory, "--json")).isEqualTo(9);
    Map<?, ?> document = (Map<?, ?>) result(terminal.outText());
    assertThat(document.get("next"))
        .isEqualTo(List.of("secrets emergency KEY --inventory " + inventory));
    assertThat(String.valueOf(document.get("leaks")))
        .contains("encoding=base64", "line=2", "versions=[v2 (current)]", "served=true")
        .doesNotContain("commit");
    assertThat(terminal.outText()).doesNotContain(NEW.substring(0, 8));
  }

  @Test
  void endsWithNullWhereNothingIsFound() throws IOException {
    Files.writeString(folder.resolve("files/app.log"), OLD.substring(1));
    assertThat(succeed("scan", place, "--inventory", inventory))
        .startsWith("SKIP")
        .endsWith("\nSearched 1 file for 2 values: found none.\n")
        .hasLineCount(2);
  }

  @Test
  void aFileThatCannotBeReadIsNoSuccess() throws IOException {
    Files.write(folder.resolve("files/app.log"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});
    assertThat(run("scan", place, "--inventory", inventory)).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.outText()).contains("FAIL  " + place + "/app.log: damaged");
    fail(ExitCode.INVALID, "scan", place + "/none", "--inventory", inventory);
  }

  @Test
  void withoutTheStoreItFailsUnlessItMayPass() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    assertThat(fail(ExitCode.UNAVAILABLE, "scan", place, "--inventory", inventory))
        .contains("--if-no-store pass");
    assertThat(run("scan", place, "--inventory", inventory, "--if-no-store", "pass")).isZero();
    assertThat(terminal.errText()).contains("Nothing was scanned");
    store.recover();
    use(FakeStore.create());
    assertThat(fail(ExitCode.NOT_FOUND, "scan", place, "--inventory", inventory))
        .contains("no value to search for");
  }

  @Test
  void oneSecretThatIsRefusedIsNoSuccessEither() throws IOException {
    Files.writeString(folder.resolve("files/app.log"), "nothing");
    store.always(FakeStore.Op.VERSIONS, "prod/PORT", FakeStep.fail(Kind.CORRUPT));
    assertThat(run("scan", place, "--inventory", inventory)).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(terminal.outText()).contains("FAIL  prod/PORT: cannot be read: corrupt");
    assertThat(run("scan", place, "--inventory", inventory, "--if-no-store", "pass")).isZero();
  }

  @Test
  void looksForWhatWasAskedFor() {
    store.holding("prod/PORT", "postgres-main");
    run("scan", inventory, "--inventory", inventory, "--include", "PORT");
    assertThat(terminal.outText()).doesNotContain("looks like a name");
    assertThat(fail(ExitCode.INVALID, "scan", place, "--inventory", inventory, "--include", "NO"))
        .contains("has none of that name");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(fail(ExitCode.USAGE, "scan")).contains("PATH missing");
    fail(ExitCode.USAGE, "scan", "--git", "--staged", ".");
    fail(ExitCode.USAGE, "scan", "--unreachable", ".");
    fail(ExitCode.USAGE, "scan", ".", "--if-no-store", CANARY);
    assertThat(fail(ExitCode.INVALID, "scan", "--staged", place, "--inventory", inventory))
        .contains("not a git repository");
  }
}
