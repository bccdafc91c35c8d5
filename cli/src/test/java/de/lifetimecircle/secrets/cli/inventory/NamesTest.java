package de.lifetimecircle.secrets.cli.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.cli.inventory.InventorySearch.Found;
import de.lifetimecircle.secrets.spi.Capability;
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

/** Calls each command by both names of a secret. */
class NamesTest extends CommandTest {
  private static final String KEY = "0123456789abcdef".repeat(4);

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      hooks: {test: [sh, -c, "cat > /dev/null; echo ran >> hooks-ran"]}
      secrets:
        KEY: {description: key, generator: hex 32, rotation: {every: 3 months, grace: 2 hours}}
        HOST: {description: host, environments: [prod], validation: {matches: "[a-z.]{1,12}"}}
        URL: {description: url, environments: [prod], template: "https://{HOST}/{KEY}"}
        due: {description: a name that is a subcommand, environments: [prod], generator: hex 32}
      """;

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void writeInventory() throws IOException {
    file = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    store
        .holding("prod/KEY", KEY)
        .holding("prod/HOST", "old.example")
        .holding("prod/due", KEY)
        .holding("prod/URL", "https://old.example/" + KEY)
        .holding("test/KEY", "f".repeat(64))
        .holding("other/X", KEY);
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  private int operate(String line) {
    return operateWith(new FakeTerminal(), line);
  }

  private int operateWith(FakeTerminal prepared, String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(
        line.matches("rotate (due|resume|retire) .*") ? 2 : 1, List.of("--inventory", file));
    return runWith(prepared, args.toArray(new String[0]));
  }

  /** What was printed, without versions and times. */
  private String shown() {
    return (terminal.outText() + terminal.errText())
        .replaceAll("\\bv\\d+", "v")
        .replaceAll("\\d{4}-\\S+", "T");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get @",
        "describe @",
        "versions @",
        "put @ --trim-newline",
        "delete @ --yes",
        "rm @ --yes",
        "purge @ --yes",
        "generate @ --force",
        "rotate @ --plain",
        "exec --secret @=KEY -- sh -c cat</dev/null",
        "export --format json --secret @=KEY",
      })
  void bothNamesMeanTheSameSecret(String line) {
    int full = operateWith(new FakeTerminal().input(utf8("host")), line.replace("@", "prod/HOST"));
    String expected = shown();
    use(FakeStore.create());
    store.holding("prod/HOST", "old.example");
    int brief = operateWith(new FakeTerminal().input(utf8("host")), line.replace("@", "HOST"));
    assertThat(brief).as(terminal.errText()).isEqualTo(full);
    assertThat(shown()).isEqualTo(expected);
    assertThat(terminal.outText() + terminal.errText()).doesNotContain("'HOST' (fake)");
  }

  @Test
  void theListTakesPrefixesOfBothNames() {
    assertThat(operate("ls H")).isZero();
    assertThat(terminal.outText()).isEqualTo("prod/HOST\n");
    assertThat(operate("list prod/H")).isZero();
    assertThat(terminal.outText()).isEqualTo("prod/HOST\n");
    assertThat(operate("list --environment test")).isZero();
    assertThat(terminal.outText()).isEqualTo("test/KEY\n");
    assertThat(succeed("list", "other")).isEqualTo("other/X\n");
  }

  @Test
  void aNameOfSeveralEnvironmentsNeedsOne() {
    assertThat(operate("get KEY")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("Give --environment with one of: prod, test.");
    assertThat(operate("get test/KEY")).isZero();
    assertThat(terminal.outText()).isEqualTo("f".repeat(64));
    assertThat(operate("get --environment test KEY")).isZero();
    assertThat(terminal.outText()).isEqualTo("f".repeat(64));
    assertThat(operate("rotate test/KEY")).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).contains("Rotated 'test/KEY'");
    assertThat(operate("rotate retire test/KEY")).as(terminal.errText()).isZero();
    assertThat(held("prod/KEY")).isEqualTo(KEY);
  }

  @Test
  void theFirstOfSeveralNamesDecidesNothingAboutTheOthers() throws IOException {
    assertThat(operate("generate HOST KEY --force")).isEqualTo(ExitCode.INVALID.code());
    assertThat(operate("generate KEY HOST --force")).isEqualTo(ExitCode.INVALID.code());
    assertThat(held("prod/KEY")).isEqualTo(KEY);
    Path values = Files.writeString(folder.resolve(".env"), "HOST=new.example\nKEY=" + CANARY);
    assertThat(operate("import " + values + " --replace")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("line 2: ").contains("in several");
    assertThat(held("prod/HOST")).isEqualTo("old.example");
    assertThat(operate("export --format json --secret HOST --secret test/KEY"))
        .as(terminal.errText())
        .isZero();
    assertThat(terminal.outText()).contains("f".repeat(64));
    assertThat(operate("export --format json --secret HOST --secret KEY"))
        .isEqualTo(ExitCode.INVALID.code());
  }

  @Test
  void anIncludedNameDoesNotNarrowWhatIsHidden() {
    FakeTerminal log = new FakeTerminal().input(utf8("a old.example b " + "f".repeat(64) + " c"));
    store.holding("prod/HOST", "old.example");
    assertThat(operateWith(log, "redact --include HOST --include KEY"))
        .as(terminal.errText())
        .isZero();
    assertThat(terminal.outText()).isEqualTo("a [secret prod/HOST] b [secret test/KEY] c");
  }

  @Test
  void aMissSuggestsAName() {
    assertThat(operate("get prod/HSOT")).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(terminal.errText()).endsWith(". Did you mean 'prod/HOST'?\n").hasLineCount(1);
    assertThat(operate("get HOTS")).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(terminal.errText()).endsWith("Did you mean 'prod/HOST'?\n");
    assertThat(operate("get prd/HOST --json")).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(terminal.errText()).contains("Did you mean 'prod/HOST'?\"");
    assertThat(operate("rotate resume prod/HSOT")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("Did you mean 'prod/HOST'?").doesNotContain("?.");
    int before = store.calls();
    fail(ExitCode.NOT_FOUND, "get", "KEYS");
    assertThat(store.calls() - before).as("a service is not asked for its list").isEqualTo(1);
  }

  @Test
  void whatTheInventoryKnowsIsRotatedAsItSays() {
    assertThat(operate("rotate prod/KEY")).as(terminal.errText()).isZero();
    assertThat(folder.resolve("hooks-ran")).exists();
    assertThat(operate("rotate other/X")).isEqualTo(ExitCode.INVALID.code());
    assertThat(held("other/X")).isEqualTo(KEY);
    assertThat(succeed("rotate", "other/X")).startsWith("Rotated 'other/X': version ");
  }

  @Test
  void plainRotationCallsNoHook() {
    assertThat(operate("rotate prod/KEY --plain")).as(terminal.errText()).isZero();
    assertThat(held("prod/KEY")).matches("[0-9a-f]{64}").isNotEqualTo(KEY);
    assertThat(folder.resolve("hooks-ran")).doesNotExist();
    assertThat(operate("rollback prod/KEY")).isZero();
    assertThat(terminal.errText()).contains("secrets rotate rollback KEY");
    assertThat(held("prod/KEY")).isEqualTo(KEY);
  }

  @Test
  void aSecretMayHaveTheNameOfASubcommand() {
    assertThat(operate("rotate due prod/due")).isEqualTo(ExitCode.USAGE.code());
    assertThat(held("prod/due")).isEqualTo(KEY);
    assertThat(operate("rotate -- due")).as(terminal.errText()).isZero();
    assertThat(held("prod/due")).isNotEqualTo(KEY);
    assertThat(operate("rotate retire due")).as(terminal.errText()).isZero();
  }

  @Test
  void whereNothingCanBePendingTheMessageNamesTheWay() {
    use(
        FakeStore.with(
            Capability.VERSIONS, Capability.LIST, Capability.WRITE, Capability.CREATE_ONLY));
    store.holding("bare", KEY);
    String message = fail(ExitCode.INVALID, "rotate", "bare");
    assertThat(message)
        .contains("no pending stage")
        .contains("'secrets generate bare --plain --force --type hex --bytes 32'");
    succeed("generate", "bare", "--plain", "--force", "--type", "hex", "--bytes", "32");
    assertThat(held("bare")).matches("[0-9a-f]{64}").isNotEqualTo(KEY);
  }

  @Test
  void theRulesOfTheInventoryHoldUnlessPlain() {
    FakeTerminal piped = new FakeTerminal().input(utf8("longer.than.twelve"));
    assertThat(operateWith(piped, "put prod/HOST")).isEqualTo(ExitCode.INVALID.code());
    assertThat(held("prod/HOST")).isEqualTo("old.example");
    piped = new FakeTerminal().input(utf8("longer.than.twelve"));
    assertThat(operateWith(piped, "put HOST --environment prod --plain")).isZero();
    assertThat(held("prod/HOST")).isEqualTo("longer.than.twelve");
    piped = new FakeTerminal().input(utf8("x"));
    assertThat(operateWith(piped, "put prod/URL")).isEqualTo(ExitCode.INVALID.code());
    piped = new FakeTerminal().input(utf8("new.example"));
    assertThat(operateWith(piped, "put HOST --environment prod --create"))
        .isEqualTo(ExitCode.CONFLICT.code());
  }

  @Test
  void anInventoryIsFoundUpwards() throws IOException {
    Path below = Files.createDirectories(folder.resolve("a/b"));
    assertThat(InventorySearch.from(folder).map(Found::file)).contains(Path.of("secrets.yaml"));
    assertThat(InventorySearch.from(below).map(Found::file))
        .contains(Path.of("../../secrets.yaml"));
    Files.writeString(folder.resolve("a/secrets.yaml"), "apiVersion: v1\nkind: Secret\n");
    assertThat(InventorySearch.from(below).map(Found::file))
        .contains(Path.of("../../secrets.yaml"));
    Files.createDirectory(folder.resolve("a/.git"));
    assertThat(InventorySearch.from(below)).isEmpty();
    assertThat(InventorySearch.from(folder.resolve("a"))).isEmpty();
  }

  @Test
  void theInventoryOfSomebodyElseIsNotUsed() throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root can give a file away")
        .isEqualTo("root");
    Path file = folder.resolve("secrets.yaml");
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    assertThat(InventorySearch.from(folder)).isEmpty();
    assertThatThrownBy(() -> InventorySearch.in(folder))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("it belongs to nobody")
        .hasMessageContaining("--inventory");
  }
}
