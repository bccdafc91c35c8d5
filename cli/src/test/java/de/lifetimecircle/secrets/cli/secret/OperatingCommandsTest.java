package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatingCommandsTest extends CommandTest {
  @TempDir Path folder;
  private String file = "";
  private final StringBuilder transcript = new StringBuilder();

  @BeforeEach
  void writeInventory() throws IOException {
    file = Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
    ExampleHooks.write(folder.resolve("hooks"));
  }

  private int operate(String... args) {
    return operateWith(new FakeTerminal(), args);
  }

  private int operateWith(FakeTerminal prepared, String... args) {
    String[] line = java.util.Arrays.copyOf(args, args.length + 2);
    line[args.length] = "--inventory";
    line[args.length + 1] = file;
    int code = runWith(prepared, line);
    transcript.append(terminal.outText()).append(terminal.errText());
    return code;
  }

  private void set(String name, String value) {
    FakeTerminal piped = new FakeTerminal().input(utf8(value + "\n"));
    assertThat(operateWith(piped, "put", name, "--trim-newline")).as(terminal.errText()).isZero();
  }

  private void fill() {
    assertThat(operate("generate", "--all")).isEqualTo(ExitCode.NOT_FOUND.code());
    set("DB_USERNAME", "postgres");
    set("DB_HOST", "db.example.com");
    set("DB_PORT", "5432");
    set("DB_NAME", "ltc");
    assertThat(operate("generate", "--all")).as(terminal.errText()).isZero();
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void fromAnEmptyStoreToOneThatPassesWithNoValueShown() {
    assertThat(operate("check")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("FAIL  prod/LTC_SECRET_KEY: missing");
    fill();
    assertThat(held("prod/DATABASE_URL"))
        .isEqualTo(
            "postgresql://postgres:" + held("prod/DB_ADMIN_PW") + "@db.example.com:5432/ltc");
    assertThat(operate("check")).as(terminal.outText()).isZero();
    assertThat(operate("check", "--json")).isZero();
    Map<?, ?> document = (Map<?, ?>) result(terminal.outText());
    assertThat((List<?>) document.get("findings"))
        .hasSize(11); // with the runbook, the values of the example and the timer
    assertThat(terminal.outText())
        .contains("\"name\":\"prod/LTC_SECRET_KEY\",\"aspect\":\"\",\"version\":\"v")
        .containsPattern("\"due\":\"20\\d\\d-\\d\\d-\\d\\d\"");
    assertThat(transcript)
        .doesNotContain(held("prod/LTC_SECRET_KEY"))
        .doesNotContain(held("prod/DB_ADMIN_PW"))
        .doesNotContain(held("prod/ADMIN_API_TOKEN"));
    assertThat(transcript.toString()).doesNotContain("postgresql://postgres");
  }

  private String described(String name) {
    return store.secondClient().describe(name).getOrDefault("description", "none");
  }

  /** A console of the backend shows them; a backend that keeps none leaves them out. */
  @Test
  void newSecretsGetTheDescriptionsOfTheInventory() throws IOException {
    assertThat(operate("generate", "--all")).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(described("prod/LTC_SECRET_KEY")).isEqualTo("Signs the session tokens (JWT)");
    set("DB_HOST", "db.example.com");
    assertThat(described("prod/DB_HOST")).isEqualTo("Where the database is");
    Path values = Files.writeString(folder.resolve("old.env"), "DB_PORT=5432\nOTHER=x\n");
    assertThat(operate("import", values.toString())).isZero();
    assertThat(described("prod/DB_PORT")).isNotEqualTo("none");
    assertThat(described("OTHER")).isEqualTo("none");
  }

  @Test
  void migratedSecretsGetTheDescriptionsOfTheInventory() throws IOException {
    Path files =
        Files.writeString(
            folder.resolve("files.properties"),
            "backend=gpg\ngpg.store="
                + folder.resolve("store")
                + "\ngpg.key-file="
                + folder.resolve("key")
                + "\n");
    environment.clear();
    for (String name : List.of("prod/LTC_SECRET_KEY", "prod/OTHER")) {
      FakeTerminal piped = new FakeTerminal().input(utf8("0123456789abcdef".repeat(4)));
      assertThat(runWith(piped, "put", name, "--plain", "--config", files.toString()))
          .as(terminal.errText())
          .isZero();
    }
    String journal = folder.resolve("journal").toString();
    assertThat(operate("migrate", files.toString(), "fake", "--journal", journal))
        .as(terminal.errText())
        .isZero();
    assertThat(described("prod/LTC_SECRET_KEY")).isEqualTo("Signs the session tokens (JWT)");
    assertThat(described("prod/OTHER")).isEqualTo("none");
  }

  @Test
  void tellsWhatWasMadeAsTextAndAsJson() {
    operate("generate", "--all");
    assertThat(terminal.outText())
        .contains("Created 'prod/LTC_SECRET_KEY': version v1\n")
        .contains("Missing 'prod/DB_HOST': supply DB_HOST with 'secrets put DB_HOST --trim-newline")
        .contains("Missing 'prod/DATABASE_URL': supply DB_USERNAME, DB_HOST, DB_PORT, DB_NAME");
    assertThat(operate("generate", "LTC_SECRET_KEY", "--json")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.outText())
        .isEqualTo(
            "{\"command\":\"generate\",\"exitCode\":7,\"result\":[{\"name\":\"prod/LTC_SECRET_KEY\","
                + "\"outcome\":\"exists\",\"version\":\"\",\"missing\":[]}]}\n");
  }

  /** By its name it was asked for; {@code --all} fills what is empty, and the rest is right. */
  @Test
  void aNameThatExistsIsNoSuccessAndItsMessageSaysWhatReplacesIt() {
    fill();
    assertThat(operate("generate", "--all")).isZero();
    assertThat(terminal.errText()).isEmpty();
    String before = held("prod/LTC_SECRET_KEY");
    assertThat(operate("generate", "LTC_SECRET_KEY", "DB_HOST"))
        .isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.outText())
        .contains("Exists 'prod/LTC_SECRET_KEY'", "Exists 'prod/DB_HOST'");
    assertThat(terminal.errText())
        .contains("to replace 'prod/LTC_SECRET_KEY': secrets generate LTC_SECRET_KEY --force ")
        .contains("to replace 'prod/DB_HOST': secrets put DB_HOST ");
    assertThat(held("prod/LTC_SECRET_KEY")).isEqualTo(before);
    assertThat(operate("generate", "DATABASE_URL", "--force")).as("as its parts have it").isZero();
  }

  @Test
  void aChangedPartIsFoundAndMended() {
    fill();
    set("DB_NAME", "renamed");
    assertThat(terminal.errText()).contains("secrets generate DATABASE_URL --force");
    assertThat(operate("check")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("does not agree with its parts");
    assertThat(operate("generate", "DATABASE_URL", "--force")).isZero();
    assertThat(operate("check")).isZero();
  }

  @Test
  void makesPartsBeforeWhatIsMadeOfThemAndSaysWhatIsOutdated() {
    fill();
    String[] both = {"generate", "DATABASE_URL", "DB_ADMIN_PW", "--force"};
    assertThat(operate(both)).isZero();
    assertThat(terminal.errText()).isEmpty();
    assertThat(held("prod/DATABASE_URL")).contains(held("prod/DB_ADMIN_PW"));
    assertThat(operate("generate", "DB_ADMIN_PW", "--force")).isZero();
    assertThat(terminal.errText())
        .startsWith(
            "secrets: to update the values that contain it: secrets generate DATABASE_URL"
                + " --force --inventory ")
        .hasLineCount(1);
  }

  @Test
  void makesTheRestWhereOneCannotBeMade() {
    set("DB_USERNAME", "postgres");
    set("DB_HOST", "no host");
    set("DB_PORT", "5432");
    set("DB_NAME", "ltc");
    store.next(
        FakeStore.Op.PUT, "prod/LTC_SECRET_KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(operate("generate", "--all")).isEqualTo(ExitCode.DENIED.code());
    assertThat(terminal.errText())
        .contains("'prod/LTC_SECRET_KEY'")
        .contains("'prod/DATABASE_URL'")
        .hasLineCount(2);
    assertThat(terminal.outText()).contains("Created 'prod/ADMIN_API_TOKEN'");
    set("DB_HOST", "ltc_db");
    assertThat(operate("generate", "--all")).as(terminal.errText()).isZero();
    store.next(
        FakeStore.Op.PUT, "prod/LTC_SECRET_KEY", FakeStep.fail(SecretException.Kind.TIMEOUT));
    store.next(FakeStore.Op.PUT, "prod/DB_ADMIN_PW", FakeStep.fail(SecretException.Kind.TIMEOUT));
    assertThat(operate("generate", "--all")).isEqualTo(ExitCode.UNAVAILABLE.code());
    assertThat(terminal.errText()).hasLineCount(1);
  }

  @Test
  void asksPeopleOnlyForWhatNobodyElseMakes() {
    assertThat(operate("generate", "DATABASE_URL")).isEqualTo(3);
    assertThat(terminal.outText())
        .startsWith(
            "Missing 'prod/DATABASE_URL': supply DB_USERNAME, DB_HOST, DB_PORT, DB_NAME with"
                + " 'secrets put DB_USERNAME --trim-newline --inventory ")
        .contains("; generate DB_ADMIN_PW with 'secrets generate --all --inventory ");
  }

  /** A developer's variable is neither checked nor put into another secret. */
  @Test
  void localOverridesDoNotCount() {
    fill();
    environment.put("DB_NAME_LOCAL", CANARY);
    environment.put("LTC_SECRET_KEY_LOCAL", CANARY);
    assertThat(operate("check")).as(terminal.outText()).isZero();
    assertThat(operate("generate", "DATABASE_URL", "--force")).isZero();
    assertThat(held("prod/DATABASE_URL")).doesNotContain(CANARY);
  }

  @Test
  void setRefusesWhatBreaksARuleAndNeverRepeatsIt() {
    FakeTerminal piped = new FakeTerminal().input(utf8(CANARY));
    assertThat(operateWith(piped, "put", "DB_PORT", "--trim-newline"))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("matches").doesNotContain(CANARY);
    assertThat(operateWith(new FakeTerminal(), "put", "DB_PORT", "--trim-newline"))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(operateWith(new FakeTerminal(), "put", "DB_PORT", CANARY))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("never taken from an argument").doesNotContain(CANARY);
    FakeTerminal person = new FakeTerminal().person("5432", "5432");
    assertThat(operateWith(person, "put", "DB_PORT")).isZero();
    assertThat(held("prod/DB_PORT")).isEqualTo("5432");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate --all X",
        "generate --all --force",
        "generate --all --type hex",
        "generate --all --plain",
        "generate",
      })
  void refusesWhatDoesNotFitTogether(String line) {
    assertThat(operate(line.split(" "))).isEqualTo(ExitCode.USAGE.code());
    assertThat(store.calls()).isZero();
  }

  @Test
  void namesWhatTheInventoryHasNot() {
    assertThat(operate("generate", "LTC_SECRET_KYE")).isEqualTo(5);
    assertThat(terminal.errText()).contains("Did you mean 'prod/LTC_SECRET_KEY'?").hasLineCount(1);
    assertThat(operate("generate", "DB_ADMIN_PW", "DB_ADMIN_PV")).isEqualTo(5);
    assertThat(store.calls()).isZero();
    assertThat(operate("check", "--environment", "test")).isEqualTo(5);
    assertThat(terminal.errText()).contains("prod").hasLineCount(1);
  }
}
