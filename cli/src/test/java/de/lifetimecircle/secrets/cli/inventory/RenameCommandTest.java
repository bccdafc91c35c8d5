package de.lifetimecircle.secrets.cli.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenameCommandTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      secrets:
        # Signs tokens.
        KEY: {description: key, generator: hex 32, readers: [service, ci]}
        URL:
          description: url
          template: "https://{KEY}/x" # {KEY} is encoded
      """;

  @TempDir Path folder;
  private Path inventory = Path.of("");

  @BeforeEach
  void fill() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    Files.createDirectories(folder.resolve(".git"));
    Files.createDirectories(folder.resolve("server"));
    Files.writeString(folder.resolve("server/main.py"), "import os\nk = secret('prod/KEY')\n");
    Files.writeString(folder.resolve("server/other.py"), "MONKEY = KEY_2\n");
    Files.writeString(folder.resolve(".git/config"), "KEY\n");
    store.holding("prod/KEY", CANARY).holding("test/KEY", CANARY + "-test");
  }

  private int rename(String... args) {
    String[] line = Arrays.copyOf(args, args.length + 3);
    System.arraycopy(args, 0, line, 1, args.length);
    line[0] = "rename";
    line[args.length + 1] = "--inventory";
    line[args.length + 2] = inventory.toString();
    int code = run(line);
    assertThat(terminal.outText() + terminal.errText()).doesNotContain(CANARY);
    return code;
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  /**
   * Opening a store refuses such a setting; this one opens none, since the secret has no readers.
   */
  @Test
  void noLineRepeatsASettingThatHoldsASecret() {
    assertThat(rename("URL", "ADDRESS", "--dry-run", "--set", "vault.token=" + CANARY)).isZero();
    assertThat(terminal.outText()).contains("secrets check");
  }

  @Test
  void showsWhatFollowsAndChangesNothingWithoutAYes() {
    assertThat(rename("KEY", "JWT_KEY", "--dry-run")).as(terminal.errText()).isZero();
    assertThat(terminal.outText())
        .contains("prod/KEY -> prod/JWT_KEY, test/KEY -> test/JWT_KEY")
        .containsPattern("readers: +service, ci")
        .contains("KEY -> JWT_KEY (exec, export, ci)")
        .containsPattern("part of: +URL")
        .contains("  server/main.py:2\n")
        .doesNotContain("other.py", ".git/")
        .containsSubsequence("1. Copy", "2. Rename it", "3. Add a policy", "4. ", "5. ", "6. ")
        .contains("secrets policy --for ci --backend fake")
        .contains("--environment prod")
        .contains("secrets delete test/KEY");
    assertThat(store.calls()).isZero();
    assertThat(rename("prod/KEY", "JWT_KEY")).isEqualTo(ExitCode.USAGE.code());
    assertThat(inventory).content().isEqualTo(INVENTORY);
    assertThat(store.secondClient().list("")).containsExactlyInAnyOrder("prod/KEY", "test/KEY");
  }

  @Test
  void copiesFirstAndChangesTheInventoryThen() {
    store.next(FakeStore.Op.PUT, "test/JWT_KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThat(rename("KEY", "JWT_KEY", "--yes")).isEqualTo(ExitCode.UNAVAILABLE.code());
    assertThat(inventory).content().isEqualTo(INVENTORY); // the failed copy is repeated
    assertThat(rename("KEY", "JWT_KEY", "--yes")).as(terminal.errText()).isZero();
    assertThat(terminal.outText())
        .contains("Unchanged: 'prod/JWT_KEY'")
        .contains("Copied 'test/KEY' to 'test/JWT_KEY'")
        .endsWith("Continue with step 3.\n");
    assertThat(held("prod/JWT_KEY")).isEqualTo(CANARY);
    assertThat(held("test/JWT_KEY")).isEqualTo(CANARY + "-test");
    assertThat(held("prod/KEY")).as("its readers still need it").isEqualTo(CANARY);
    assertThat(inventory)
        .content()
        .isEqualTo(INVENTORY.replace("  KEY:", "  JWT_KEY:").replace("{KEY}", "{JWT_KEY}"));
    assertThat(rename("KEY", "JWT_KEY", "--yes")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("none of that name");
  }

  /** As with {@code | true}. */
  @Test
  void takesItsStepsWithoutAReaderOfItsOutput() throws IOException {
    String[] line = {"rename", "KEY", "JWT_KEY", "--yes", "--inventory", inventory.toString()};
    assertThat(runWith(new FakeTerminal().rejecting("Broken pipe"), line))
        .as(terminal.errText())
        .isEqualTo(ExitCode.READER_GONE.code());
    assertThat(held("prod/JWT_KEY")).isEqualTo(CANARY);
    assertThat(inventory).content().contains("  JWT_KEY:");
  }

  @Test
  void refusesWhatWouldLoseSomething() throws IOException {
    store.holding("prod/JWT_KEY", "other");
    assertThat(rename("KEY", "JWT_KEY", "--yes")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText()).contains("with another value");
    assertThat(rename("KEY", "URL", "--yes")).isEqualTo(ExitCode.INVALID.code());
    assertThat(rename("KEY", "a b", "--yes")).isEqualTo(ExitCode.INVALID.code());
    assertThat(inventory).content().isEqualTo(INVENTORY);
    store.always(FakeStore.Op.PROMOTE, "prod/KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    store.holding("prod/URL", "https://" + CANARY + "/x");
    String[] rotate = {
      "rotate", "prod/KEY", "--inventory", inventory.toString(), "--journal", folder + "/j"
    };
    assertThat(run(rotate)).as(terminal.errText()).isEqualTo(ExitCode.STOPPED.code());
    assertThat(rename("KEY", "NEW_KEY", "--yes", "--journal", folder + "/j"))
        .isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText()).contains("is not finished").contains("secrets rotate abandon");
  }

  @Test
  void asksAndSaysWhereAnotherStoreHasTheValue() {
    store = FakeStore.create().holding("prod/KEY", CANARY);
    use(store);
    FakeTerminal yes = new FakeTerminal().person("y");
    String[] line = {"rename", "KEY", "JWT_KEY", "--inventory", inventory.toString()};
    assertThat(runWith(yes, line)).as(terminal.errText()).isZero();
    assertThat(terminal.errText())
        .contains("secrets get test/KEY --config FILE | secrets put test/JWT_KEY --plain --create");
    assertThat(held("prod/JWT_KEY")).isEqualTo(CANARY);
  }

  /** Leaves a rotation that is not finished, and hides it until it is to begin. */
  private Runnable rotationThatBegins() throws IOException {
    store.always(FakeStore.Op.PROMOTE, "prod/KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    store.holding("prod/URL", "https://" + CANARY + "/x");
    Path hidden = folder.resolve("hidden");
    String[] rotate = {
      "rotate", "prod/KEY", "--inventory", inventory.toString(), "--journal", hidden.toString()
    };
    assertThat(run(rotate)).as(terminal.errText()).isEqualTo(ExitCode.STOPPED.code());
    try (SecretValue served = SecretValue.of(CANARY)) {
      // the new one is not there
      PutResult unused = store.secondClient().put(PutRequest.pending("prod/KEY", served));
    }
    return () -> {
      Path journals = folder.resolve("secrets-rotations");
      try {
        Files.createDirectories(journals);
        String journal = "prod.KEY.rotation.json";
        Files.move(hidden.resolve(journal), journals.resolve(journal));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void noticesARotationThatBeginsDuringTheQuestion() throws IOException {
    Runnable begin = rotationThatBegins();
    FakeTerminal slow =
        new FakeTerminal() {
          @Override
          public Optional<String> ask(String question) {
            begin.run();
            return super.ask(question);
          }
        }.person("y");
    String[] line = {"rename", "KEY", "JWT_KEY", "--inventory", inventory.toString()};
    assertThat(runWith(slow, line)).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText()).contains("Cannot rename secret").contains("is not finished");
    assertThat(store.secondClient().list("")).doesNotContain("prod/JWT_KEY", "test/JWT_KEY");
    assertThat(inventory).content().isEqualTo(INVENTORY);
  }

  @Test
  void noticesARotationThatBeginsDuringTheCopy() throws IOException {
    store.next(FakeStore.Op.PUT, "test/JWT_KEY", FakeStep.run(rotationThatBegins()));
    assertThat(rename("KEY", "JWT_KEY", "--yes")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText())
        .contains("Cannot change the inventory")
        .contains("The inventory is unchanged; copied: prod/JWT_KEY, test/JWT_KEY")
        .contains("secrets rotate resume")
        .contains("Then delete the copies");
    assertThat(inventory).content().isEqualTo(INVENTORY);
  }

  /** A rotation that begins and ends while the value is copied would leave the old one there. */
  @Test
  void keepsARotationFromBeginningDuringTheCopy() {
    store.holding("prod/URL", "https://" + CANARY + "/x");
    int[] code = {0};
    FakeTerminal other = new FakeTerminal();
    Runnable rotate =
        () -> {
          use(store); // on the thread of the call
          String[] line = {"rotate", "prod/KEY", "--inventory", inventory.toString()};
          code[0] = new CommandLineRun(other, environment).run(line);
        };
    store.next(FakeStore.Op.PUT, "test/JWT_KEY", FakeStep.run(rotate));
    assertThat(rename("KEY", "JWT_KEY", "--yes")).as(terminal.errText()).isZero();
    assertThat(code[0]).as(other.errText()).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(other.errText())
        .contains("Cannot rotate secret 'prod/KEY'")
        .contains("another process is rotating or renaming it now");
    assertThat(held("prod/JWT_KEY")).isEqualTo(CANARY).isEqualTo(held("prod/KEY"));
  }

  /** A machine with another folder of journals, or a console, takes no lock of this one. */
  @Test
  void noticesAValueThatSomebodyChangesDuringTheCopy() {
    Runnable change = () -> store.secondClient().holding("prod/KEY", CANARY + "-new");
    store.next(FakeStore.Op.PUT, "test/JWT_KEY", FakeStep.run(change));
    assertThat(rename("KEY", "JWT_KEY", "--yes")).isEqualTo(ExitCode.CONFLICT.code());
    String advice = "'secrets get prod/KEY | secrets put prod/JWT_KEY --plain'";
    assertThat(terminal.errText())
        .contains("Cannot rename secret 'prod/KEY'", "changed its value", advice);
    assertThat(inventory).content().isEqualTo(INVENTORY);
    FakeTerminal pasted = new FakeTerminal().input(utf8(held("prod/KEY")));
    assertThat(runWith(pasted, "put", "prod/JWT_KEY", "--plain")).isZero();
    assertThat(rename("KEY", "JWT_KEY", "--yes")).as(terminal.errText()).isZero();
    assertThat(held("prod/JWT_KEY")).isEqualTo(CANARY + "-new");
  }

  @Test
  void changesAnInventoryThroughItsLink() throws IOException {
    Path real = Files.createDirectories(folder.resolve("config")).resolve("ltc.yaml");
    Files.move(inventory, real);
    Files.createSymbolicLink(inventory, real);
    assertThat(rename("KEY", "JWT_KEY", "--yes")).as(terminal.errText()).isZero();
    assertThat(inventory).isSymbolicLink();
    assertThat(real).content().contains("  JWT_KEY:");
  }
}
