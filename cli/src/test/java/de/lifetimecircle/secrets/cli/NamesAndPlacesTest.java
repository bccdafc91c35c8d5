package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks settings, inventory and commands: what a command prints is what it read or wrote, or it
 * fails and has written nothing. The commands come from the program, so that a new one has to be
 * placed here.
 */
class NamesAndPlacesTest extends CommandTest {
  private static final String VALUE = "0123456789abcdef".repeat(4);

  private static final Set<FakeStore.Op> WRITES =
      Set.of(
          FakeStore.Op.PUT,
          FakeStore.Op.PROMOTE,
          FakeStore.Op.RETIRE,
          FakeStore.Op.DELETE,
          FakeStore.Op.RESTORE,
          FakeStore.Op.PURGE);

  /** What a command does with the name of a secret. */
  private enum Use {
    /** It reads or shows a secret. */
    READS,
    /** It changes a secret. */
    WRITES,
    /** It reports what contradicts the inventory, and goes on. */
    REPORTS
  }

  /** A command line; {@code @} stands for the name. */
  private record Line(Use use, String words) {}

  private static Line reads(String words) {
    return new Line(Use.READS, words);
  }

  private static Line writes(String words) {
    return new Line(Use.WRITES, words);
  }

  private static Line reports(String words) {
    return new Line(Use.REPORTS, words);
  }

  /** The lines of each command. Those without one say nothing about a secret of a store. */
  private static final Map<String, List<Line>> LINES = new LinkedHashMap<>();

  static {
    LINES.put("get", List.of(reads("get @")));
    LINES.put("list", List.of(reads("list @")));
    LINES.put("put", List.of(writes("put @ --stdin"), writes("put @ --stdin --plain")));
    LINES.put("edit", List.of(writes("edit @ --editor true --trust-editor")));
    LINES.put(
        "exec", List.of(reads("exec --secret @=KEY -- true"), reads("exec --for ci -- true")));
    LINES.put("describe", List.of(reads("describe @")));
    LINES.put("versions", List.of(reads("versions @")));
    LINES.put("history", List.of(reads("history @")));
    LINES.put("delete", List.of(writes("delete @ --yes")));
    LINES.put("restore", List.of(writes("restore @")));
    LINES.put("rollback", List.of(writes("rollback @")));
    LINES.put(
        "generate",
        List.of(
            writes("generate @ --force"),
            writes("generate @ --force --plain"),
            writes("generate --all")));
    LINES.put("import", List.of(writes("import FOLDER/values.env --replace")));
    LINES.put("export", List.of(reads("export --format json --secret @=KEY")));
    LINES.put("template", List.of(reads("template FOLDER/template")));
    LINES.put("redact", List.of(reads("redact")));
    LINES.put("whoami", List.of(reports("whoami")));
    LINES.put("doctor", List.of(reports("doctor")));
    LINES.put("init", List.of());
    LINES.put("check", List.of(reports("check")));
    LINES.put("status", List.of(reports("status")));
    LINES.put("rename", List.of(writes("rename KEY FRESH --yes")));
    LINES.put("diff", List.of());
    LINES.put("document", List.of(reports("document")));
    LINES.put("policy", List.of());
    LINES.put("ci", List.of());
    LINES.put("runbook", List.of(reports("runbook")));
    LINES.put("handover", List.of(reports("handover --to devops")));
    LINES.put("alerts", List.of());
    LINES.put("fmt", List.of());
    LINES.put("schema", List.of());
    LINES.put(
        "rotate", List.of(writes("rotate @"), writes("rotate @ --plain"), writes("rotate due")));
    LINES.put("due", List.of(reads("due")));
    LINES.put("schedule", List.of());
    LINES.put("log", List.of());
    LINES.put("notify", List.of(writes("notify @")));
    LINES.put("audit", List.of());
    LINES.put("scan", List.of(reads("scan FOLDER/empty")));
    LINES.put("compare", List.of());
    LINES.put("migrate", List.of());
    LINES.put("recipients", List.of());
    LINES.put("store", List.of());
    LINES.put("purge", List.of(writes("purge @ --yes")));
    LINES.put("completion", List.of());
    LINES.put("help", List.of());
    LINES.put("emergency", List.of(writes("emergency @ --by-hand reason")));
    LINES.put("warm-up", List.of());
  }

  @TempDir Path all;
  private Path folder = Path.of("");

  static Stream<Line> lines() {
    return LINES.values().stream().flatMap(List::stream);
  }

  /** Makes a new folder with an inventory, since some commands change theirs or leave a journal. */
  private void inventory(String environment) throws IOException {
    folder = Files.createTempDirectory(all, "service");
    Files.writeString(folder.resolve("values.env"), "KEY=" + VALUE + "\n");
    Files.writeString(folder.resolve("template"), "key={{ KEY }}\n");
    Files.createDirectory(folder.resolve("empty"));
    Files.writeString(
        folder.resolve("secrets.yaml"),
        """
        version: 1
        service: ltc
        owner: security
        environments: {prod: {PLACE}}
        secrets:
          KEY: {description: key, generator: hex 32, readers: [ci], rotation: {every: 3 months}}
        """
            .replace("PLACE", environment));
  }

  private int run(Line line, String name) {
    List<String> args = new ArrayList<>();
    for (String word : line.words().split(" ", -1)) {
      args.add(word.replace("@", name).replace("FOLDER", folder.toString()));
    }
    int at = args.contains("due") && args.size() > 1 ? 2 : 1;
    args.addAll(at, List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    return runWith(new FakeTerminal().input(utf8(VALUE)), args.toArray(new String[0]));
  }

  private int calls(String name) {
    return Stream.of(FakeStore.Op.values())
        .filter(op -> op != FakeStore.Op.LIST)
        .mapToInt(op -> store.calls(op, name))
        .sum();
  }

  private int changes() {
    return WRITES.stream().mapToInt(store::calls).sum();
  }

  @Test
  void everyCommandIsPlaced() {
    assertThat(LINES.keySet()).containsExactlyInAnyOrderElementsOf(CommandTable.names());
  }

  /** The prefix of the settings and that of the inventory are one prefix, never two in a row. */
  @ParameterizedTest
  @MethodSource("lines")
  void theSamePrefixTwiceIsOnePrefix(Line line) throws IOException {
    Map<String, String> printed = new LinkedHashMap<>();
    for (String typed : List.of("KEY", "prod/KEY")) {
      for (String setting : List.of("", "prod/")) {
        inventory("prefix: prod/");
        use(FakeStore.create().holding("prod/KEY", "f".repeat(64)).holding("prod/KEY", VALUE));
        environment.put("SECRETS_PREFIX", setting);
        int code = run(line, typed);
        String shown = line.words() + " " + typed + " " + setting + terminal.errText();
        for (String other : List.of("KEY", "prod/prod/KEY")) {
          assertThat(calls(other)).as(shown).isZero();
        }
        assertThat(terminal.outText() + terminal.errText()).as(shown).doesNotContain("prod/prod/");
        printed.put(typed + " " + setting, code + " " + calls("prod/KEY") + " " + changes());
      }
    }
    assertThat(Set.copyOf(printed.values())).as(line + " " + printed).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatChangesASecretRefusesAnotherPrefix(Line line) throws IOException {
    inventory("prefix: prod/");
    environment.put("SECRETS_PREFIX", "dev/");
    for (String typed : List.of("KEY", "prod/KEY")) {
      use(FakeStore.create().holding("prod/KEY", VALUE).holding("dev/KEY", VALUE));
      int code = run(line, typed);
      String shown = line.words() + ": " + terminal.errText();
      if (line.use() == Use.WRITES) {
        assertThat(code).as(shown).isEqualTo(ExitCode.INVALID.code());
        assertThat(terminal.errText())
            .contains("the setting prefix is 'dev/' (environment SECRETS_PREFIX)")
            .contains("environments.prod.prefix in")
            .contains("'prod/'");
        assertThat(store.calls()).as(shown).isZero();
      }
      assertThat(calls("dev/KEY") + calls("dev/prod/KEY") + calls("KEY")).as(shown).isZero();
    }
  }

  /** An inventory without a prefix leaves it to the settings. */
  @ParameterizedTest
  @MethodSource("lines")
  void thePrefixOfTheSettingsFillsAnOpenOne(Line line) throws IOException {
    inventory("");
    environment.put("SECRETS_PREFIX", "dev/");
    for (String typed : List.of("KEY", "dev/KEY")) {
      use(FakeStore.create().holding("dev/KEY", "f".repeat(64)).holding("dev/KEY", VALUE));
      int unused = run(line, typed);
      String shown = line.words() + ": " + terminal.errText();
      assertThat(calls("KEY") + calls("dev/dev/KEY")).as(shown).isZero();
    }
  }

  /** A place in the settings and another one in the inventory, for each backend. */
  private static final List<Map<String, String>> PLACES =
      List.of(
          Map.of(
              "SECRETS_BACKEND", "aws",
              "SECRETS_AWS_REGION", "us-east-1",
              "SECRETS_AWS_ENDPOINT", "http://127.0.0.1:1",
              "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
              "AWS_SECRET_ACCESS_KEY", "none",
              "inventory", "aws: {region: eu-central-1}",
              "same", "aws: {region: us-east-1}"),
          Map.of(
              "SECRETS_BACKEND", "aws",
              "AWS_REGION", "us-east-1",
              "SECRETS_AWS_ENDPOINT", "http://127.0.0.1:1",
              "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
              "AWS_SECRET_ACCESS_KEY", "none",
              "inventory", "aws: {region: eu-central-1}",
              "same", "aws: {region: us-east-1}"),
          vault("address: 'https://vault.test:8200'", "address: 'http://127.0.0.1:1/'"),
          vault("namespace: team", "namespace: other"),
          vault("mount: kv", "mount: secret"),
          Map.of(
              "SECRETS_BACKEND", "azure",
              "SECRETS_AZURE_VAULT_URL", "https://shop-dev.vault.azure.net/",
              "SECRETS_AZURE_PROXY", "http://127.0.0.1:1",
              "SECRETS_AZURE_CREDENTIAL", "client-secret",
              "SECRETS_AZURE_TENANT_ID", "00000000-0000-0000-0000-000000000001",
              "SECRETS_AZURE_CLIENT_ID", "00000000-0000-0000-0000-000000000002",
              "SECRETS_AZURE_CLIENT_SECRET", "none",
              "inventory", "azure: {vault: shop}",
              "same", "azure: {vault: shop-dev}"));

  private static Map<String, String> vault(String other, String same) {
    return Map.of(
        "SECRETS_BACKEND", "vault",
        "VAULT_ADDR", "http://127.0.0.1:1",
        "VAULT_NAMESPACE", "other",
        "VAULT_TOKEN", "none",
        "inventory", "vault: {" + other + "}",
        "same", "vault: {" + same + "}");
  }

  private void use(Map<String, String> place) {
    environment.clear();
    environment.put("SECRETS_RETRIES", "0");
    environment.put("SECRETS_TIMEOUT", "2s");
    place.forEach(
        (key, value) -> {
          if (!key.equals("inventory") && !key.equals("same")) {
            environment.put(key, value);
          }
        });
  }

  /**
   * Nothing listens at these addresses, so that any other failure shows that a request was sent.
   */
  @ParameterizedTest
  @MethodSource("lines")
  void noCommandSendsARequestToAnotherPlace(Line line) throws IOException {
    if (line.use() == Use.REPORTS) {
      return; // without a server it has nothing to report
    }
    for (Map<String, String> place : PLACES) {
      use(place);
      inventory("prefix: prod/, " + place.get("inventory"));
      assertThat(run(line, "KEY"))
          .as(line.words() + " " + place + terminal.errText())
          .isEqualTo(ExitCode.INVALID.code());
      assertThat(terminal.errText()).contains("names another store: environments.prod.");
    }
  }

  @Test
  void theSamePlacePasses() throws IOException {
    for (Map<String, String> place : PLACES) {
      use(place);
      inventory("prefix: prod/, " + place.get("same"));
      assertThat(run(writes("put @ --stdin"), "KEY"))
          .as(place + terminal.errText())
          .isNotZero()
          .isNotEqualTo(ExitCode.INVALID.code());
    }
  }
}
