package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On each backend, names and places that the settings and the inventory say, alike or not: a
 * command works on the printed name of the named store, or fails and changes nothing.
 */
class NamesAndPlacesOnStoresTest {
  private static final String KEY = "LTC_SECRET_KEY";

  private static final List<String> CHANGES =
      List.of(
          "generate --all",
          "generate LTC_SECRET_KEY --force",
          "put LTC_SECRET_KEY --stdin",
          "rotate LTC_SECRET_KEY",
          "delete LTC_SECRET_KEY --yes",
          "emergency LTC_SECRET_KEY --yes");

  @TempDir private Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private FakeTerminal terminal = new FakeTerminal();

  private int run(String line) {
    terminal = new FakeTerminal().input(CommandTest.utf8("0123456789abcdef".repeat(4)));
    String file = " --inventory " + folder.resolve("secrets.yaml");
    return new CommandLineRun(terminal, environment).run((line + file).split(" ", -1));
  }

  private String succeed(String line) {
    assertThat(run(line)).as(line + ": " + terminal.errText()).isZero();
    return terminal.outText();
  }

  private void inventory(String place) throws IOException {
    Files.writeString(
        folder.resolve("secrets.yaml"),
        "version: 1\nservice: ltc\nowner: team\nenvironments: {prod: {prefix: prod/, "
            + place.replace("FOLDER", folder.toString())
            + "}}\nsecrets:\n  LTC_SECRET_KEY:\n    description: signs tokens\n"
            + "    generator: hex 32\n    readers: [service]\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpg|gpg: {folder: FOLDER/store}|gpg: {folder: FOLDER/other}",
        "aws|aws: {region: eu-central-1}|aws: {region: us-east-1}",
        "aws|aws: {region: eu-central-1}|aws: {region: eu-central-1, account: '111122223333'}",
        "vault|vault: {mount: secret}|vault: {mount: kv}",
        "vault|vault: {mount: secret}|vault: {address: 'https://vault.test:8200'}",
        "vault|vault: {namespace: root}|vault: {namespace: team}",
        // The host of the test server says no name of a vault: NamesAndPlacesTest has that.
        "azure|azure: {vault: ltc-prod}|"
      })
  void thePrintedNameOfTheNamedStoreIsUsed(String scheme, String place, String other)
      throws Exception {
    Files.createDirectory(folder.resolve("other"));
    try (Backend backend = Backend.start(scheme, folder)) {
      environment.putAll(backend.environment());
      inventory(place);
      theSamePrefixIsOnePrefix();
      String held = succeed("get " + KEY);
      environment.put("SECRETS_PREFIX", "dev/");
      nothingChanges("the setting prefix is 'dev/'");
      environment.remove("SECRETS_PREFIX");
      if (other != null) {
        inventory(other);
        nothingChanges("names another store: environments.prod.");
      }
      inventory(place);
      assertThat(succeed("get " + KEY).equals(held)).isTrue();
      onlyTheOneNameIsThere();
    }
  }

  private void theSamePrefixIsOnePrefix() {
    environment.put("SECRETS_PREFIX", "prod/");
    assertThat(succeed("generate --all")).contains("prod/LTC_SECRET_KEY");
    String first = succeed("get " + KEY);
    assertThat(succeed("get prod/" + KEY).equals(first)).isTrue();
    int unused = run("check");
    assertThat(terminal.outText()).contains("prod/LTC_SECRET_KEY").doesNotContain("missing");
    unused = run("emergency LTC_SECRET_KEY --yes");
    assertThat(terminal.outText()).contains("confirm");
    environment.remove("SECRETS_PREFIX");
    assertThat(succeed("get prod/" + KEY).equals(first))
        .as("the exposed value is current")
        .isFalse();
    onlyTheOneNameIsThere();
  }

  /** Some stores keep a pending value beside the secret, under a name that begins with its name. */
  private void onlyTheOneNameIsThere() {
    assertThat(succeed("list").lines()).allMatch(name -> name.startsWith("prod/" + KEY));
  }

  private void nothingChanges(String why) {
    for (String line : CHANGES) {
      assertThat(run(line)).as(line + ": " + terminal.outText()).isEqualTo(ExitCode.INVALID.code());
      assertThat(terminal.errText()).as(line).contains(why);
    }
  }
}
