package de.lifetimecircle.secrets.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checklist for people, and the page about all environments. */
@ExtendWith(LeakProbeExtension.class)
class StatusCommandTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: lifetimecircle
      owner: Security-Lead
      contact: security@lifetimecircle.test
      time-zone: Europe/Berlin
      environments: {prod: {prefix: prod/}, staging: {prefix: staging/}}
      secrets:
        DB_PASSWORD: {description: Password of the database, readers: [service]}
        LTC_SECRET_KEY:
          description: Signs the session tokens (JWT)
          rotation: {every: 3 months}
          readers: [service, ci]
        ADMIN_API_TOKEN:
          description: Opens <the interface> & more for "administrators"
          generator: hex 32
          rotation: {every: 3 months, grace: 2 hours}
          readers: [service]
      """;

  private static final String DRILL =
      "<!-- secrets post-mortem 1 environment=prod secret=LTC_SECRET_KEY kind=drill"
          + " day=2026-03-02 seconds=360 outcome=done -->\n";

  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void fill(LeakProbe probe) throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    Path records = Files.createDirectories(folder.resolve("docs/post-mortems"));
    Files.writeString(records.resolve("2026-03-02-drill.md"), DRILL);
    Instant old = Instant.parse("2020-01-01T00:00:00Z");
    store.clock(() -> old).holding("prod/LTC_SECRET_KEY", probe.canary("key"));
    store
        .clock(InstantSource.system())
        .holding("prod/DB_PASSWORD", probe.canary("password"))
        .holding("prod/ADMIN_API_TOKEN", probe.canary("old token"))
        .holding("staging/ADMIN_API_TOKEN", probe.canary("staging token"))
        .holding("staging/DB_PASSWORD", probe.canary("staging password"));
    assertThat(operate("rotate ADMIN_API_TOKEN --environment prod --by anna"))
        .as(terminal.errText())
        .isZero();
    probe.watch("token", store.secondClient().fetch("prod/ADMIN_API_TOKEN").value().asString());
  }

  private int operate(String line) {
    return operateWith(new FakeTerminal(), line);
  }

  private int operateWith(FakeTerminal prepared, String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("--inventory", inventory));
    return runWith(prepared, args.toArray(new String[0]));
  }

  private String page(String line) throws IOException {
    Path file = folder.resolve("page.html");
    assertThat(operate("status --html " + file + line))
        .as(terminal.errText())
        .isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).isEqualTo("Wrote " + file + "\n");
    return Files.readString(file);
  }

  @Test
  void thePageShowsTheStateOfAllEnvironmentsAndNoValue(LeakProbe probe) throws IOException {
    String page = page("");
    probe.look("page", page);
    assertThat(page)
        .contains("<h2 id=\"environment-prod\">prod</h2>")
        .contains("<h2 id=\"environment-staging\">staging</h2>")
        .contains("<a href=\"#environment-prod\">prod</a>: prod/LTC_SECRET_KEY was due on 1 April")
        .contains("<code class=\"name\">ADMIN_<wbr>API_<wbr>TOKEN</code>")
        .contains("Opens &lt;the interface&gt; &amp; more for &quot;administrators&quot;")
        .contains("<span class=\"below\">by anna</span>")
        .contains("service, ci")
        .contains("Security-Lead")
        .contains("2 March 2026</th><td data-head=\"Kind\">drill</td>")
        .contains("6 min")
        .contains("No emergency has been practised in staging.")
        .contains("Europe/Berlin")
        .doesNotContain("<script");
    assertThat(page.substring(page.indexOf("id=\"environment-staging\"")))
        .contains("</span> missing</span>");
    String german = page(" --lang de");
    probe.look("german page", german);
    assertThat(german)
        .contains("<html lang=\"de\">", "prod/LTC_SECRET_KEY war am 1. April 2020 fällig");
  }

  @Test
  void thePageGoesToStandardOutputOrWhereAnotherPageWas() throws IOException {
    assertThat(operate("status --environment staging --html")).isEqualTo(9);
    assertThat(terminal.outText())
        .startsWith("<!DOCTYPE html>\n")
        .endsWith("</html>\n")
        .doesNotContain("environment-prod");
    String first = page("");
    assertThat(page("")).hasSameSizeAs(first);
    assertThat(operate("status --json --html " + folder.resolve("page.html"))).isEqualTo(9);
    assertThat(((Map<?, ?>) result(terminal.outText())).get("file"))
        .isEqualTo(folder + "/page.html");
    assertThat(operate("status --html " + inventory)).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText()).contains("is no status page").hasLineCount(1);
    assertThat(Path.of(inventory)).hasContent(INVENTORY);
    assertThat(operate("status --html --claim audit --by Anna")).isEqualTo(2);
  }

  /** Everybody who has the repository can read the inventory, but the page goes further. */
  @Test
  void aValueThatTheInventoryQuotesIsNotRepeated() throws IOException {
    String value = store.secondClient().fetch("prod/DB_PASSWORD").value().asString();
    Files.writeString(
        Path.of(inventory), INVENTORY.replace("Password of the database", "It is " + value));
    assertThat(page(""))
        .contains("because the inventory contains a value")
        .doesNotContain(value, "Signs the session tokens");
    assertThat(page(" --environment staging"))
        .contains("because the values of the other environments were not compared")
        .doesNotContain(value, "Signs the session tokens");
    store.outage(FakeStep.fail(SecretException.Kind.UNAUTHENTICATED));
    assertThat(page(" --lang de"))
        .contains("weil ein Wert nicht gelesen und mit ihnen verglichen werden konnte")
        .doesNotContain(value, "Signs the session tokens");
  }

  @Test
  void aStoreThatIsDownIsSaidOnceForEachEnvironment() throws IOException {
    store.outage(FakeStep.fail(SecretException.Kind.UNAUTHENTICATED));
    String page = page("");
    assertThat(page)
        .contains("prod</a>: the store cannot be asked: unauthenticated</li>")
        .contains("staging</a>: the store cannot be asked: unauthenticated</li>")
        .contains("not known")
        .contains("because a value could not be read")
        .doesNotContain("Signs the session tokens");
  }

  /** Neither success nor a bug of this program: each command says what is the matter. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "THROTTLED",
        "TIMEOUT",
        "UNAVAILABLE",
        "UNAUTHENTICATED",
        "ACCESS_DENIED",
        "CORRUPT",
        "CONFIGURATION",
        "INTERNAL"
      })
  void aStoreThatCannotBeUsedIsNoSuccess(SecretException.Kind kind) {
    store.outage(FakeStep.fail(kind));
    for (String line :
        List.of(
            "status --environment prod",
            "status --environment prod --json",
            "status --html --environment prod",
            "check --environment prod",
            "due --environment prod")) {
      assertThat(operate(line)).as(line).isEqualTo(ExitCode.FOUND.code());
      assertThat(terminal.errText()).isEmpty();
      // One missing right, or one outage, hides nothing else that the page or the list has.
      assertThat(terminal.outText()).as(line).contains(EnumText.of(kind));
      assertThat(terminal.outText().lines().count() + terminal.outText().length())
          .isGreaterThan(100);
    }
  }

  @Test
  void theChecklistFitsEightyColumnsAndEndsWithOneLineAboutAll() {
    assertThat(operate("status --environment prod")).isEqualTo(9);
    assertThat(terminal.outText().lines())
        .filteredOn(line -> !line.startsWith("      $ "))
        // A path, or a command to be pasted, stays in one piece.
        .allMatch(line -> line.length() <= 80 || line.strip().matches("- \\S+|\\S+|'secrets .*"))
        .last()
        .asString()
        .matches("11 points: \\d+ proven, \\d+ claimed, \\d+ missing");
    assertThat(terminal.outText().replaceAll("\n +", " "))
        .doesNotContain("\u001b")
        .contains("- 1 finding as above")
        .containsOnlyOnce("older than its rotation allows");
    assertThat(operate("status --environment prod --lang de")).isEqualTo(9);
    assertThat(terminal.outText()).containsPattern("\n11 Punkte: \\d+ belegt, ");
  }

  @Test
  void coloursAndSymbolsAreForTerminalsAndNeverInJson() {
    environment.put("LANG", "C.UTF-8");
    FakeTerminal screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    operateWith(screen, "status --environment prod");
    assertThat(terminal.outText()).contains("\u001b[31m✗\u001b[0m ").doesNotContain("[ ]");
    operate("due --environment prod --color=always");
    assertThat(terminal.outText()).contains("\u001b[31mDUE\u001b[0m ");
    operate("due --environment prod --color=always --json");
    assertThat(terminal.outText()).doesNotContain("\u001b");
    screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    operateWith(screen, "due --environment prod --color never");
    assertThat(terminal.outText()).doesNotContain("\u001b");
    environment.put("NO_COLOR", "1");
    screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    operateWith(screen, "due --environment prod");
    assertThat(terminal.outText()).contains("DUE").doesNotContain("\u001b");
    assertThat(run("due", "--help", "--color", "always")).isZero();
    assertThat(terminal.outText()).contains("\u001b[1m");
    assertThat(succeed("due", "--help")).doesNotContain("\u001b");
    assertThat(operate("due --color=" + CANARY)).isEqualTo(2);
    assertThat(terminal.errText()).contains("--color").doesNotContain(CANARY);
  }

  /** Two pages that a reader of both knows: the same colours, the same escapes. */
  @Test
  void usesTheColoursOfTheDecisionReport() throws IOException {
    String report = palette("/de/lifetimecircle/secrets/decision/page/page.css");
    String status = palette("/de/lifetimecircle/secrets/operations/status/status.css");
    assertThat(status.lines().filter(line -> !line.contains("--good") && !line.contains("--bad")))
        .containsExactlyElementsOf(report.lines().toList());
  }

  private static String palette(String sheet) throws IOException {
    try (InputStream in = StatusCommandTest.class.getResourceAsStream(sheet)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.substring(0, text.indexOf("* {"));
    }
  }
}
