package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers a question as people do, at the keyboard and through a pipe. */
class ConfirmationTest extends CommandTest {
  @TempDir Path folder;

  private int answered(String answer, String... args) {
    return runWith(new FakeTerminal().person(answer), args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "j", "ja", "J", "Ja", "JA", "y", "Y", "yes", "Yes", "YES", " y ", "ja\r", "\tYes "
      })
  void takesYesInAnyCase(String answer) {
    store.holding("app/key", "value");
    assertThat(answered(answer, "delete", "app/key")).as(terminal.errText()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "n", "nein", "no", "yess", "jain", "oui", "yes please", "ye s"})
  void takesAnythingElseForNo(String answer) {
    store.holding("app/key", "value");
    assertThat(answered(answer, "delete", "app/key")).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText())
        .contains("Nothing was done: the answer was not yes (expected: y or j).");
    assertThat(store.secondClient().fetch("app/key").value().asString()).isEqualTo("value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"de", "en"})
  void anEmergencyAsksInTheLanguageOfItsPlan(String language) throws IOException {
    store.holding("prod/LTC_SECRET_KEY", "0123456789abcdef".repeat(4));
    Path inventory = Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    String[] line = {
      "emergency", "LTC_SECRET_KEY", "--lang", language, "--inventory", "" + inventory
    };
    assertThat(answered("nein", line)).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText())
        .startsWith(language.equals("de") ? "Jetzt ausführen? [j/N] " : "Do it now? [y/N] ");
  }

  /** In a Turkish locale the small letter of I has no dot, and that of a dotted one has two. */
  @Test
  void takesAPipeAndATerminalInATurkishLocale() throws Exception {
    CliProcess process = CliProcess.in(folder, "-Duser.language=tr", "-Duser.country=TR");
    process.environment.put("SECRETS_BACKEND", "gpg");
    process.environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    process.environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    for (String name : new String[] {"one", "two", "three"}) {
      process.succeed("value", "put", name);
    }
    CliProcess.Result ended = process.secrets("", "delete", "one");
    assertThat(ended.code()).as(ended.text()).isEqualTo(ExitCode.USAGE.code());
    assertThat(ended.lastLine())
        .contains("Nothing was done: standard input ended before an answer. Add --yes");
    assertThat(process.secrets("nein\n", "delete", "one").code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(process.succeed("JA\n", "delete", "one")).contains("Deleted 'one'");
    assertThat(process.succeed("Yes", "delete", "two")).contains("Deleted 'two'");
    CliProcess.Result typed =
        process.run("YES\n", "script", "-qec", "secrets delete three", "/dev/null");
    assertThat(typed.code()).as(typed.text()).isZero();
    assertThat(typed.text()).contains("Deleted 'three'");
  }
}
