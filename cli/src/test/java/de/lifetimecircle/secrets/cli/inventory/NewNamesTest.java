package de.lifetimecircle.secrets.cli.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistyped names in each command that makes names, with and without a person to ask. */
class NewNamesTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      secrets:
        API_KEY: {description: key, validation: {min-length: 8}}
        DATABASE_URL: {description: url}
      """;

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void writeInventory() throws IOException {
    file = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
  }

  /** Makes a name beside the inventory; its exit code. */
  private int make(String command, FakeTerminal asked, String name, String... more)
      throws IOException {
    int last = name.lastIndexOf('/') + 1;
    Path dotenv = Files.writeString(folder.resolve(".env"), name.substring(last) + "=v\n");
    List<String> line =
        new ArrayList<>(
            command.equals("put")
                ? List.of("put", name, "--file", dotenv.toString())
                : List.of("import", dotenv.toString(), "--prefix", name.substring(0, last)));
    line.addAll(List.of("--inventory", file));
    line.addAll(List.of(more));
    return runWith(asked, line.toArray(new String[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "import"})
  void withoutAPersonAMistypedNameIsRefused(String command) throws IOException {
    for (String name : List.of("prod/API_KEYY", "prd/API_KYE", "API_KYE", "test/DATABSE_URL")) {
      assertThat(make(command, new FakeTerminal(), name))
          .as(terminal.errText())
          .isEqualTo(ExitCode.USAGE.code());
      assertThat(terminal.errText())
          .startsWith("secrets: Cannot store '" + name + "'")
          .contains(name.contains("API") ? "'prod/API_KEY'. " : "'test/DATABASE_URL'. ")
          .contains("add --plain");
      assertThat(store.list("")).isEmpty();
      assertThat(make(command, new FakeTerminal(), name, "--plain")).isZero();
      assertThat(store.list("")).containsExactly(name);
      assertThat(make(command, new FakeTerminal(), name)).as("the store has it").isZero();
      use(FakeStore.create());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "import"})
  void aPersonIsAsked(String command) throws IOException {
    assertThat(make(command, new FakeTerminal().person("n"), "prod/API_KEYY"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText())
        .contains("The inventory has 'prod/API_KEY'. Store 'prod/API_KEYY' as well?");
    assertThat(store.list("")).isEmpty();
    assertThat(make(command, new FakeTerminal().person(), "prod/API_KEYY"))
        .as("no answer, and no --yes to advise")
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(make(command, new FakeTerminal().person("y"), "prod/API_KEYY")).isZero();
    assertThat(store.list("")).containsExactly("prod/API_KEYY");
  }

  @Test
  void otherNamesAreNobodysMistake() throws IOException {
    for (String name : List.of("prod/STRIPE_KEY", "billing/API_KEY", "API", "prod/MAIL")) {
      assertThat(make("put", new FakeTerminal(), name)).as(terminal.errText()).isZero();
    }
    assertThat(store.calls(FakeStore.Op.FETCH)).as("nothing to ask the store").isZero();
    assertThat(make("put", new FakeTerminal(), "prod/API_KEY")).as("its rules hold").isZero();
  }

  /** Whoever may write only cannot see whether the name is there. */
  @Test
  void aWriterWithoutTheRightToReadIsAskedToo() throws IOException {
    store.always(
        FakeStore.Op.FETCH, "prod/API_KEYY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(make("put", new FakeTerminal(), "prod/API_KEYY")).isEqualTo(ExitCode.USAGE.code());
    assertThat(make("put", new FakeTerminal(), "prod/API_KEYY", "--plain")).isZero();
  }

  /** As processes, because an inventory that is named is one that generate demands. */
  @Test
  void generateBesideAnInventoryAsksTheSameQuestion() throws Exception {
    CliProcess cli = CliProcess.in(folder);
    cli.environment.put("SECRETS_BACKEND", "gpg");
    cli.environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    cli.environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    cli.succeed("", "init");
    CliProcess.Result refused = cli.secrets("", "generate", "prod/API_KEYY");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(refused.text()).contains("'prod/API_KEY'. Correct the name, or add --plain");
    cli.succeed("", "generate", "prod/API_KEYY", "--plain");
    assertThat(cli.secrets("", "generate", "prod/API_KEYY").code()).isEqualTo(7);
  }
}
