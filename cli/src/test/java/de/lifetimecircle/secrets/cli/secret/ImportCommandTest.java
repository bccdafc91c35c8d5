package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportCommandTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      secrets:
        KEY: {description: key}
        HOST: {description: host, validation: {matches: "[a-z.]{1,12}"}}
        URL: {description: url, template: "https://{HOST}/x"}
      """;

  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void writeInventory() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
  }

  private int load(String name, String text, String... options) throws IOException {
    String file = Files.writeString(folder.resolve(name), text).toString();
    String[] line = java.util.Arrays.copyOf(options, options.length + 4);
    System.arraycopy(options, 0, line, 2, options.length);
    line[0] = "import";
    line[1] = file;
    line[options.length + 2] = "--inventory";
    line[options.length + 3] = inventory;
    int code = run(line);
    assertThat(terminal.outText() + terminal.errText()).doesNotContain(CANARY);
    return code;
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void aFileThatCannotBeReadIsNamedAsTheFileToImport() {
    assertThat(fail(ExitCode.INVALID, "import", folder.toString(), "--format", "dotenv"))
        .contains("Cannot read the file to import: it is a folder.");
    assertThat(fail(ExitCode.INVALID, "import", folder.resolve("none.json").toString()))
        .contains("Cannot read the file to import: no such file or folder.")
        .doesNotContain("--file");
    assertThat(fail(ExitCode.INVALID, "put", "X", "--file", folder.toString()))
        .contains("Cannot read the file of --file: it is a folder.");
  }

  /** The advice to shred it would destroy what was not stored. */
  @Test
  void aFileWithoutAValueIsNotSaidToBeStored() throws IOException {
    String bitwarden = "{\"encrypted\":false,\"items\":[{\"type\":3,\"name\":\"CARD\"}]}";
    for (String text : List.of("{}", bitwarden, "{\"KEY\":\"x\",\"items\":[]}")) {
      assertThat(load("all.json", text)).as(text).isEqualTo(ExitCode.INVALID.code());
      assertThat(terminal.errText()).contains("Cannot import the file").doesNotContain("shred");
    }
    assertThat(store.secondClient().list("")).isEmpty();
  }

  @Test
  void storesWhatAFileHasAndLeavesTheRestAlone() throws IOException {
    String text = "KEY=" + CANARY + "\nHOST=db.example\nother.x=" + CANARY + "2\n";
    assertThat(load(".env", text, "--dry-run", "--prefix", "misc/")).isZero();
    assertThat(terminal.outText())
        .contains("Would have created 'prod/KEY' (from line 1)\n")
        .contains("'misc/other_x' (from line 3, not in the inventory)");
    assertThat(store.secondClient().list("")).isEmpty();
    assertThat(load(".env", text, "--prefix", "misc/")).as(terminal.errText()).isZero();
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
    assertThat(held("misc/other_x")).isEqualTo(CANARY + "2");
    assertThat(terminal.errText()).contains("shred -u ");
    assertThat(load(".env", "KEY=" + CANARY + "\nHOST=new.example\n"))
        .isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.outText()).contains("Unchanged: 'prod/KEY'").contains("Left alone");
    assertThat(terminal.errText()).doesNotContain("shred");
    assertThat(held("prod/HOST")).isEqualTo("db.example");
    assertThat(load(".env", "HOST=new.example\n", "--replace")).isZero();
    assertThat(held("prod/HOST")).isEqualTo("new.example");
  }

  /** An editor on Windows begins a file with a byte order mark. */
  @ParameterizedTest
  @CsvSource({
    ".env, HOST=a.example",
    "x.json, '{\"HOST\":\"a.example\"}'",
    "x.yaml, 'HOST: a.example'",
    "x.csv, 'Title,Username,Password,URL\nHOST,,a.example,'"
  })
  void aByteOrderMarkIsNoPartOfTheFirstName(String file, String text) throws IOException {
    assertThat(load(file, "\ufeff" + text.replace("\\n", "\n") + "\n"))
        .as(terminal.errText())
        .isZero();
    assertThat(held("prod/HOST")).isEqualTo("a.example");
  }

  @Test
  void aFileIsStoredAsAWholeOrNotAtAll() throws IOException {
    assertThat(load("two.json", "{\"KEY\":\"a\",\"prod\":{\"KEY\":\"b\"}}", "--replace"))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("'prod/KEY' is in 'KEY' and in 'prod/KEY'");
    String text = "KEY=" + CANARY + "\nHOST=" + CANARY + "\nURL=x\nEMPTY=\n";
    assertThat(load(".env", text)).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText())
        .contains("3 of its values cannot be stored; nothing was stored")
        .contains("line 2: ")
        .contains("its template makes it")
        .contains("line 4: 'EMPTY' has no value");
    assertThat(store.secondClient().list("")).isEmpty();
  }

  /** Each name says its environment, so nobody has to choose one for the file. */
  @ParameterizedTest
  @CsvSource({"prod, staging", "staging, prod"})
  void eachValueIsCheckedByTheRulesOfItsOwnEnvironment(String good, String bad) throws IOException {
    Files.writeString(
        Path.of(inventory),
        INVENTORY.replace(
                "{prod: {prefix: prod/}}", "{prod: {prefix: prod/}, staging: {prefix: staging/}}")
            + "  ONLY: {description: only, environments: ["
            + good
            + "]}\n");
    String both = "{\"%s\":{\"HOST\":\"a.example\",\"ONLY\":\"x\"},\"%s\":{\"HOST\":\"%s\"}}";
    assertThat(load("both.json", String.format(Locale.ROOT, both, good, bad, "NOT VALID")))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText())
        .contains("1 of its values", "'" + bad + "/HOST': ")
        .doesNotContain("'" + good);
    assertThat(store.secondClient().list("")).isEmpty();
    assertThat(load("both.json", String.format(Locale.ROOT, both, good, bad, "b.example")))
        .as(terminal.errText())
        .isZero();
    assertThat(held(good + "/HOST")).isEqualTo("a.example");
    assertThat(held(good + "/ONLY")).isEqualTo("x");
    assertThat(held(bad + "/HOST")).isEqualTo("b.example");
  }

  /** As a secret of AWS that Terraform made, and one of Vault whose version is destroyed. */
  @Test
  void aNameWithoutAValueIsFilled() throws IOException {
    store.next(FakeStore.Op.PUT, "prod/HOST", FakeStep.fail(SecretException.Kind.CONFLICT));
    assertThat(load(".env", "HOST=mine.example\n")).as(terminal.errText()).isZero();
    assertThat(held("prod/HOST")).isEqualTo("mine.example");
  }

  /** Somebody writes between the look at the store and the write. */
  @Test
  void somebodyElsesValueIsNotOverwritten() throws IOException {
    for (FakeStore each :
        List.of(store, FakeStore.with(Capability.VERSIONS, Capability.LIST, Capability.WRITE))) {
      use(each);
      boolean conditional = each.capabilities().contains(Capability.CREATE_ONLY);
      FakeStore.Op before = conditional ? FakeStore.Op.PUT : FakeStore.Op.FETCH;
      FakeStep other = FakeStep.run(() -> each.holding("prod/HOST", "other.example"));
      FakeStep[] steps = {FakeStep.proceed(), other};
      each.next(before, "prod/HOST", conditional ? new FakeStep[] {other} : steps);
      assertThat(load(".env", "HOST=mine.example\n")).isNotZero();
      assertThat(held("prod/HOST")).isEqualTo("other.example");
      assertThat(terminal.outText()).contains("Left alone");

      FakeStep again = FakeStep.run(() -> each.holding("prod/HOST", "third.example"));
      each.next(
          before,
          "prod/HOST",
          conditional ? new FakeStep[] {again} : new FakeStep[] {FakeStep.proceed(), again});
      assertThat(load(".env", "HOST=mine.example\n", "--replace"))
          .isEqualTo(ExitCode.CONFLICT.code());
      assertThat(held("prod/HOST")).isEqualTo("third.example");
      assertThat(load(".env", "HOST=mine.example\n", "--replace")).isZero();
      assertThat(held("prod/HOST")).isEqualTo("mine.example");
    }
  }

  @Test
  void readsExportsAndStandardInput() throws IOException {
    String csv = "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n";
    assertThat(load("1password.csv", csv + "KEY,,me," + CANARY + ",,,,,\n")).isZero();
    assertThat(held("prod/KEY")).isEqualTo(CANARY);
    FakeTerminal piped = new FakeTerminal().input(utf8("a: {b: " + CANARY + "}\n"));
    assertThat(runWith(piped, "import", "-", "--format", "yaml")).isZero();
    assertThat(held("a/b")).isEqualTo(CANARY);
    fail(ExitCode.USAGE, "import", "x", "--format", "xml");
    fail(ExitCode.INVALID, "import", folder.resolve("none.json").toString());
  }
}
