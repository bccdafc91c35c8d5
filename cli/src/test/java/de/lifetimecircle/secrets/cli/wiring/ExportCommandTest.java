package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest extends CommandTest {
  private static final String WARNING = "secrets: the output holds values in the clear";

  @TempDir Path folder;

  @BeforeEach
  void hold() {
    store.holding("prod/X", CANARY).holding("prod/y", "2");
  }

  private String[] export(String format, String... more) {
    String[] args = new String[more.length + 5];
    System.arraycopy(more, 0, args, 5, more.length);
    System.arraycopy(new String[] {"export", "--format", format, "--all", "prod/"}, 0, args, 0, 5);
    return args;
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void writesToAPipeAndWarns() {
    assertThat(run(export("shell"))).isZero();
    assertThat(terminal.outText()).isEqualTo("export X='" + CANARY + "'\nexport Y='2'\n");
    assertThat(terminal.errText()).startsWith(WARNING).hasLineCount(1).doesNotContain(CANARY);
    assertThat(run(export("shell", "--json"))).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.outText()).isEmpty();
  }

  @Test
  void showsATerminalNothingUnlessAsked() {
    FakeTerminal screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    assertThat(runWith(screen, export("json"))).isEqualTo(ExitCode.USAGE.code());
    assertThat(screen.outText() + screen.errText()).contains("--show").doesNotContain(CANARY);
    FakeTerminal asked = new FakeTerminal();
    asked.outputIsTerminal = true;
    assertThat(runWith(asked, export("json", "--show"))).isZero();
    assertThat(asked.outText()).contains(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dotenv", "json", "shell", "docker-env"})
  void writesAFileForItsOwner(String format) throws IOException {
    assertThat(run(export(format, "--output", file("f")))).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).isEqualTo("Wrote " + file("f") + "\n");
    assertThat(folder.resolve("f")).content().contains(CANARY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("f"))))
        .isEqualTo("rw-------");
    assertThat(fail(ExitCode.CONFLICT, export(format, "--output", file("f"))))
        .contains("--replace");
    assertThat(run(export(format, "--output", file("f"), "--replace"))).isZero();
  }

  @Test
  void writesForKubernetesAndSystemd() {
    assertThat(run(export("kubernetes", "--name", "ltc", "--output", file("k.yaml")))).isZero();
    assertThat(folder.resolve("k.yaml")).content().contains("name: \"ltc\"");
    assertThat(run(export("systemd", "--output", file("c")))).isZero();
    assertThat(terminal.outText())
        .isEqualTo("LoadCredential=X:" + file("c/X") + "\nLoadCredential=Y:" + file("c/Y") + "\n");
    assertThat(folder.resolve("c/X")).content().isEqualTo(CANARY);
    fail(ExitCode.USAGE, export("kubernetes"));
    fail(ExitCode.USAGE, export("systemd"));
    fail(ExitCode.USAGE, export("json", "--name", "x"));
    fail(ExitCode.USAGE, export("json", "--encrypt"));
    fail(ExitCode.USAGE, export("yaml"));
    fail(ExitCode.USAGE, "export", "--format", "json");
  }

  @Test
  void keepsOutOfAWorkTreeThatDoesNotIgnoreIt() throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("git", "init", "-q", folder.toString()).start().waitFor())
        .isZero();
    assertThat(fail(ExitCode.CONFLICT, export("dotenv", "--output", file(".env"))))
        .contains("a git work tree that does not ignore it");
    assertThat(fail(ExitCode.CONFLICT, export("systemd", "--output", file("c"))))
        .contains("--force");
    assertThat(store.calls()).as("nothing was read").isZero();
    assertThat(folder.resolve(".env")).doesNotExist();
    assertThat(run(export("dotenv", "--output", file(".env"), "--force"))).isZero();
    Files.writeString(folder.resolve(".gitignore"), "secret.env\n");
    assertThat(run(export("dotenv", "--output", file("secret.env")))).isZero();
  }

  /** An override of a developer's machine has no place in what is handed on. */
  @Test
  void takesTheStoreAndNoOverride() {
    environment.put("X_LOCAL", "local");
    assertThat(run(export("json"))).isZero();
    assertThat(terminal.outText()).contains(CANARY).doesNotContain("local");
  }

  @Test
  void writesNothingUnlessAllIsThereAndShowsNothing() throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value");
      store.holding("prod/DATABASE_URL", "mysql://" + canary);
      String inventory =
          Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
      assertThat(
              run(
                  "export",
                  "--format",
                  "json",
                  "--for",
                  "ci",
                  "--inventory",
                  inventory,
                  "--output",
                  file("f")))
          .isEqualTo(ExitCode.INVALID.code());
      assertThat(terminal.errText())
          .contains("2 cannot be read")
          .contains("prod/LTC_SECRET_KEY")
          .contains("begins with 'postgresql://'");
      runWith(new FakeTerminal().input(new byte[] {(byte) 0xff}), "put", "prod/bytes");
      assertThat(fail(ExitCode.INVALID, export("dotenv", "--output", file("f"))))
          .contains("'prod/bytes': its value is not UTF-8 text");
      assertThat(folder.resolve("f")).doesNotExist();
      probe.look("errors", terminal.errText()).lookAtFiles(folder).assertClean();
    }
  }
}
