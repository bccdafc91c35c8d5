package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
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

/** Tests {@code diff}, {@code history}, {@code whoami}, {@code redact} and {@code --reason}. */
class ExpectedCommandsTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      secrets:
        KEY: {description: key, generator: hex 32, readers: [ci]}
        HOST: {description: host}
        PORT: {description: port, environments: [prod]}
        GONE: {description: gone}
      """;

  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void fill() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    store
        .holding("prod/KEY", CANARY)
        .holding("test/KEY", CANARY + "2")
        .holding("prod/HOST", "db.example")
        .holding("test/HOST", "db.example")
        .holding("prod/GONE", CANARY);
  }

  private int operate(String... args) {
    String[] line = java.util.Arrays.copyOf(args, args.length + 2);
    line[args.length] = "--inventory";
    line[args.length + 1] = inventory;
    int code = run(line);
    assertThat(terminal.outText() + terminal.errText()).doesNotContain(CANARY);
    return code;
  }

  @Test
  void diffComparesEnvironmentsWithoutValues() {
    assertThat(operate("diff", "prod", "test")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .isEqualTo(
            """
            DIFFERENT   KEY
            SAME        HOST
            ONLY        PORT: only prod has it in the inventory
            MISSING     GONE: in test
            """);
    store.holding("test/GONE", "x");
    assertThat(operate("diff", "test", "prod", "--json")).isZero();
    assertThat((List<?>) result(terminal.outText())).hasSize(4);
    store.next(FakeStore.Op.FETCH, "prod/KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(operate("diff", "prod", "test")).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("UNREADABLE  KEY: in prod: access denied");
    assertThat(operate("diff", "prod", "prod")).isEqualTo(ExitCode.USAGE.code());
    assertThat(operate("diff", "prod", "stage")).isEqualTo(ExitCode.INVALID.code());
  }

  @Test
  void historyMergesVersionsRotationsAndTheAuditLog() throws IOException {
    assertThat(operate("rotate", "prod/KEY", "--by", "anna")).as(terminal.errText()).isZero();
    Path audit = folder.resolve("audit.log");
    Files.writeString(
        audit,
        "{\"audit\":1,\"time\":\"2020-01-01T00:00:00Z\",\"principal\":\"cli\",\"host\":\"h\","
            + "\"operation\":\"put\",\"name\":\"prod/KEY\",\"outcome\":\"ok\"}\n");
    environment.put("TZ", "Europe/Berlin");
    assertThat(operate("history", "prod/KEY", "--audit", audit.toString())).isZero();
    assertThat(terminal.outText().lines().toList().get(1))
        .startsWith("2020-01-01 01:00  ")
        .contains("cli@h")
        .endsWith("put");
    assertThat(terminal.outText())
        .contains("stored, now current")
        .containsPattern("anna +rotation done promote");
    assertThat(operate("history", "HOST", "--environment", "prod", "--json")).isZero();
    Map<?, ?> first = (Map<?, ?>) ((List<?>) result(terminal.outText())).get(0);
    assertThat(first.get("source")).isEqualTo("store");
  }

  /** An empty list would read as 'nobody has read it'. */
  @Test
  void historySaysIfItHasNoLogOfReads() throws IOException {
    assertThat(operate("history", "prod/KEY", "--reads")).isZero();
    assertThat(terminal.errText()).contains("there is no audit log, so no read can be shown");
    Path audit = Files.writeString(folder.resolve("audit.log"), "");
    assertThat(operate("history", "prod/KEY", "--reads", "--audit", audit.toString())).isZero();
    assertThat(terminal.errText()).isEmpty();
    assertThat(operate("history", "prod/KEY")).isZero();
    assertThat(terminal.errText()).isEmpty();
  }

  @Test
  void whoamiTellsWhatMayBeRead() {
    store.next(FakeStore.Op.FETCH, "prod/KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(operate("whoami", "--environment", "prod")).as(terminal.errText()).isZero();
    assertThat(terminal.outText())
        .containsPattern("backend: +fake \\(from environment SECRETS_BACKEND\\)")
        .containsPattern(
            "prod: may read: +2 of 4: prod/HOST, prod/GONE|2 of 4: prod/GONE, prod/HOST")
        .containsPattern("prod: may not read: +1 of 4: prod/KEY")
        .containsPattern("prod: not found: +1 of 4: prod/PORT");
    int before = store.calls();
    assertThat(operate("whoami", "--no-read")).isZero();
    assertThat(store.calls() - before).as("only the check").isLessThanOrEqualTo(1);
  }

  @Test
  void redactHidesAndSaysWhatItDoesNot() {
    FakeTerminal piped = new FakeTerminal().input(utf8("x " + CANARY + " y db.example\n"));
    int code = runWith(piped, "redact", "--inventory", inventory, "--environment", "prod");
    assertThat(code).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).isEqualTo("x [secret prod/KEY] y db.example\n");
    assertThat(terminal.errText()).contains("not hidden: prod/HOST: looks like a name");
    piped = new FakeTerminal().input(utf8("db.example\n"));
    code =
        runWith(
            piped,
            "redact",
            "--inventory",
            inventory,
            "--environment",
            "prod",
            "--include",
            "prod/HOST");
    assertThat(code).isZero();
    assertThat(terminal.outText()).isEqualTo("[secret prod/HOST]\n");
    int before = store.calls();
    piped = new FakeTerminal().input(utf8(CANARY));
    code = runWith(piped, "redact", "--inventory", inventory, "--for", "ci");
    assertThat(code).isZero();
    assertThat(terminal.outText()).isEqualTo("[secret prod/KEY]");
    assertThat(store.calls() - before).as("only what ci may read").isLessThan(8);
  }

  /** A filter that hides less and says nothing would be trusted with the rest. */
  @Test
  void redactCopiesNothingIfItCannotReadASecret() {
    String[] line = {"redact", "--inventory", inventory, "--environment", "prod"};
    store.always(
        FakeStore.Op.FETCH_VERSION, "prod/KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    int code = runWith(new FakeTerminal().input(utf8("x " + CANARY + "\n")), line);
    assertThat(code).isEqualTo(ExitCode.DENIED.code());
    assertThat(terminal.outText()).isEmpty();
    assertThat(terminal.errText())
        .contains("nothing was copied")
        .contains("prod/KEY: version")
        .contains("--partial")
        .doesNotContain(CANARY);
    String[] partial = java.util.Arrays.copyOf(line, line.length + 1);
    partial[line.length] = "--partial";
    store.holding("prod/GONE", CANARY + "-gone");
    code = runWith(new FakeTerminal().input(utf8("x " + CANARY + "-gone\n")), partial);
    assertThat(code).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).isEqualTo("x [secret prod/GONE]\n");
    assertThat(terminal.errText()).contains("not hidden: prod/KEY: version");
  }

  @Test
  void theReasonIsInTheAuditLog() throws IOException {
    environment.put("SECRETS_AUDIT_LOG", folder.resolve("audit.log").toString());
    succeed("describe", "prod/KEY", "--reason", "ticket 4711");
    String line = Files.readString(folder.resolve("audit.log"));
    assertThat(line).contains("\"reason\":\"ticket 4711\"").contains("\"name\":\"prod/KEY\"");
    succeed("describe", "prod/KEY");
    assertThat(Files.readAllLines(folder.resolve("audit.log")).get(1)).doesNotContain("reason");
  }

  @Test
  void anInventoryCanDemandAReason() throws IOException {
    Path log = folder.resolve("audit.log");
    environment.put("SECRETS_AUDIT_LOG", log.toString());
    Files.writeString(Path.of(inventory), INVENTORY + "audit: {reason: required}\n");
    for (String[] line :
        List.of(
            new String[] {"put", "prod/HOST"},
            new String[] {"rotate", "prod/KEY"},
            new String[] {"rotate", "rollback", "prod/KEY"},
            new String[] {"export", "--format", "json", "--for", "ci", "--environment", "prod"},
            new String[] {"delete", "prod/HOST", "--yes"})) {
      int before = store.calls();
      assertThat(operate(line)).as(line[0]).isEqualTo(ExitCode.USAGE.code());
      assertThat(terminal.errText())
          .contains("the inventory demands a reason")
          .contains("Add --reason TEXT")
          .hasLineCount(1);
      assertThat(store.calls()).isEqualTo(before);
    }
    assertThat(operate("delete", "--help")).isZero();
    assertThat(operate("diff", "prod", "test")).isEqualTo(ExitCode.FOUND.code());
    assertThat(Files.readString(log)).contains("\"reason\":\"secrets diff\"");
    assertThat(operate("rotate", "prod/KEY", "--reason", "ticket 4711")).isZero();
    assertThat(Files.readString(log)).contains("\"reason\":\"ticket 4711\"");
    environment.put("SECRETS_AUDIT_REASON", "nightly job");
    assertThat(operate("delete", "prod/HOST", "--yes")).isZero();
    assertThat(Files.readString(log)).contains("\"reason\":\"nightly job\"");
    environment.remove("SECRETS_AUDIT_REASON");
    Files.writeString(Path.of(inventory), INVENTORY + "audit: {reason: required}\nmistake: 1\n");
    assertThat(operate("get", "prod/KEY")).as("mistakes").isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("the inventory demands a reason");
    Files.writeString(Path.of(inventory), INVENTORY + "audit: {reason: optional}\n");
    assertThat(operate("delete", "prod/GONE", "--yes")).isZero();
  }
}
