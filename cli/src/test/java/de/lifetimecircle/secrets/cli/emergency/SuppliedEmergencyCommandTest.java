package de.lifetimecircle.secrets.cli.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An emergency of a key whose new value a person types or pipes. */
@ExtendWith(LeakProbeExtension.class)
class SuppliedEmergencyCommandTest extends CommandTest {
  private static final String NEW = "sk_live_b1946ac92492d2347c6235b4d2611184";

  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void fill() throws IOException {
    String text =
        """
        version: 1
        service: ltc
        owner: security
        environments: {prod: {prefix: prod/, files: {post-mortems: pm}}}
        hooks: {deploy: ["true"], invalidate-sessions: ["true"]}
        secrets:
          STRIPE: {description: payments, issuer: "https://dashboard.example/keys"}
          AUTH: {description: header, template: "Bearer {STRIPE}"}
          KEY: {description: signs, generator: hex 32}
        """;
    inventory = Files.writeString(folder.resolve("secrets.yaml"), text).toString();
    holding("sk_live_7c1f93e5a0d84b26c9e37f15d2806ab4");
  }

  private void holding(String old) {
    store
        .holding("prod/STRIPE", old)
        .holding("prod/AUTH", "Bearer " + old)
        .holding("prod/KEY", "a".repeat(64));
  }

  private String[] line(String... options) {
    String[] line = new String[options.length + 3];
    System.arraycopy(new String[] {"emergency", "--inventory", inventory}, 0, line, 0, 3);
    System.arraycopy(options, 0, line, 3, options.length);
    return line;
  }

  private String served(String name) {
    return store.secondClient().fetch("prod/" + name).value().asString();
  }

  @Test
  void asksForTheValueWithoutEchoAndForTheRevocation(LeakProbe probe) {
    String old = probe.canary("old");
    String fresh = probe.canary("new");
    holding(old);
    FakeTerminal person = new FakeTerminal().person("y", fresh, fresh, "j");
    assertThat(runWith(person, line("STRIPE"))).as(terminal.errText()).isZero();
    assertThat(terminal.outText())
        .contains("You supply the new value of prod/STRIPE; get it at https://dashboard.example/")
        .contains("prod/STRIPE: revoked at https://dashboard.example/keys and refused, as this")
        .contains("\nDone by hand after ");
    assertThat(terminal.errText())
        .contains("Value of 'prod/STRIPE': Again: ")
        .contains("Have you revoked it, and seen that it is refused? [y/N]");
    assertThat(served("AUTH")).isEqualTo("Bearer " + fresh);
    probe
        .look("out", terminal.outText())
        .look("err", terminal.errText())
        .lookAtFiles(folder)
        .assertClean();
  }

  /** The advice is pasted where nobody can answer. */
  @Test
  void takesTheValueFromAPipeAndLeavesTheRevocationToAPerson() {
    FakeTerminal pipe = new FakeTerminal().input(utf8(NEW + "\n"));
    assertThat(runWith(pipe, line("STRIPE", "--yes", "--stdin")))
        .as(terminal.errText())
        .isEqualTo(ExitCode.STOPPED.code());
    assertThat(served("STRIPE")).isEqualTo(NEW);
    assertThat(terminal.outText())
        .contains("Still open: the old value of prod/STRIPE may still work")
        .contains("  - Revoke the old value at https://dashboard.example/keys, and check")
        .contains("secrets emergency STRIPE --resume --yes --by-hand 'HOW YOU SAW IT'");
    succeed(line("STRIPE", "--resume", "--yes", "--by-hand", "the page says revoked", "--json"));
    assertThat(terminal.outText())
        .contains("\"outcome\":\"by-hand\"")
        .contains("reported by the operator: the page says revoked")
        .doesNotContain(NEW);
  }

  @Test
  void refusesAPipeThatHoldsNoValueOrNeedsNone() {
    String before = served("STRIPE");
    assertThat(fail(ExitCode.USAGE, line("STRIPE", "--stdin"))).contains("without --yes");
    assertThat(fail(ExitCode.USAGE, line("KEY", "--yes", "--stdin"))).contains("Leave it out");
    assertThat(fail(ExitCode.USAGE, line("STRIPE", "--yes", "--stdin", "--drill")))
        .contains("Leave it out");
    assertThat(run(line("STRIPE", "--yes", "--stdin"))).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("the new one is empty");
    assertThat(run(line("STRIPE", "--yes"))).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("there is no terminal. Add --yes --stdin");
    FakeTerminal person = new FakeTerminal().person(NEW, NEW + "1");
    assertThat(runWith(person, line("STRIPE", "--yes"))).isEqualTo(ExitCode.USAGE.code());
    assertThat(terminal.errText()).contains("the two entries differ");
    assertThat(served("STRIPE")).isEqualTo(before);
    assertThat(run("due", "--inventory", inventory)).isEqualTo(ExitCode.EMERGENCY.code());
  }

  @Test
  void aDrillMakesUpTheNewValue() {
    String before = served("STRIPE");
    assertThat(succeed(line("STRIPE", "--drill")))
        .contains("DRILL 00:")
        .contains("prod/AUTH: version 1 replaced by 2");
    assertThat(served("STRIPE")).isEqualTo(before);
  }
}
