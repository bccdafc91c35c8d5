package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class InventoryTest {
  public static final String HEAD =
      "version: 1\nservice: s\nowner: o\nenvironments:\n  prod:\n    prefix: prod/\nsecrets:\n";
  private static final String CANARY = "c4n4ry-Zq8vT2wX-c4n4ry";

  @TempDir Path folder;

  static List<String> mistakes(String text) {
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> Inventory.parse(text, "secrets.yaml"));
    assertThat(failure).as("an inventory with mistakes").isNotNull();
    assertThat(failure.kind()).isEqualTo(SecretException.Kind.CONFIGURATION);
    return failure.problems();
  }

  @Test
  void theExampleIsTheCaseOfTheSeed() {
    Inventory inventory = Inventory.parse(InventoryText.example(), "example");
    assertThat(inventory.service()).isEqualTo("lifetimecircle");
    assertThat(inventory.environmentNames()).containsExactly("prod");
    assertThat(inventory.names())
        .contains("LTC_SECRET_KEY", "DB_ADMIN_PW", "DATABASE_URL", "ADMIN_API_TOKEN");
    ServiceEnvironment prod = inventory.environment("");
    assertThat(prod.stored("LTC_SECRET_KEY")).isEqualTo("prod/LTC_SECRET_KEY");
    InventorySecret key = Objects.requireNonNull(inventory.byName(prod).get("LTC_SECRET_KEY"));
    assertThat(key.shape()).hasToString("hex 32");
    assertThat(key.owner()).isEqualTo("Security-Lead");
    assertThat(key.readers()).containsExactly("service", "ci");
    assertThat(key.localOverride()).isEqualTo("LTC_SECRET_KEY_LOCAL");
    assertThat(key.hooks()).containsKeys("deploy", "verify");
    assertThat(Objects.requireNonNull(key.rotation()).grace()).isEqualTo(Duration.ofHours(24));
    List<String> order = inventory.secrets(prod).stream().map(InventorySecret::name).toList();
    assertThat(order.indexOf("DATABASE_URL")).isGreaterThan(order.indexOf("DB_NAME"));
  }

  @Test
  void aContactIsATextOrTheWaysToReachSomebody() {
    String contact = "contact: {mail: a@b.test, phone: \"+49 1\"}\n";
    Inventory inventory =
        Inventory.parse(contact + HEAD + "  A: {description: a}\n", "secrets.yaml");
    assertThat(inventory.contact()).contains("phone +49 1, mail a@b.test");
    assertThat(mistakes("contact: {fax: 1}\n" + HEAD + "  A: {description: a}\n"))
        .anyMatch(text -> text.contains("unknown key 'fax'"))
        .anyMatch(text -> text.contains("contact: nothing in it"));
  }

  @Test
  void anEnvironmentAllowsLiveDrillsOnlyIfItSaysSo() {
    String text = HEAD + "  A: {description: a}\n";
    assertThat(Inventory.parse(text, "x").environment("").drills())
        .isEqualTo(ServiceEnvironment.Drills.SCRATCH);
    assertThat(
            Inventory.parse(text.replace("prefix: prod/", "prefix: prod/\n    drills: live"), "x")
                .environment("")
                .drills())
        .isEqualTo(ServiceEnvironment.Drills.LIVE);
    assertThat(mistakes(text.replace("prefix: prod/", "prefix: prod/\n    drills: yes")))
        .singleElement()
        .asString()
        .contains("drills: unknown");
  }

  @Test
  void tellsAllMistakesAtOnceWithPlaceAndNearestKey() {
    String text =
        HEAD
            + "  A:\n    description: a\n    generater: hex 32\n"
            + "  B:\n    description: b\n    generator: hexx 32\n    readers: [servce, ci, ci]\n"
            + "  C:\n    generator: hex 8\n    rotation: {grace: 1 hour, on: [02-30]}\n"
            + "  D:\n    description: d\n    template: x{AA}{D}\n"
            + "  A:\n    description: again\n";
    assertThat(mistakes(text))
        .containsExactly(
            "secrets.yaml:10:5: unknown key 'generater'; did you mean 'generator'?",
            "secrets.yaml:13:16: generator: of another form (expected: hex, hex-upper, base64,"
                + " base64url, alphanumeric or passphrase, and how many, such as hex 32); did you"
                + " mean 'hex'?",
            "secrets.yaml:14:15: readers: unknown 'servce'; did you mean 'service'?",
            "secrets.yaml:14:27: readers: 'ci' is there twice",
            "secrets.yaml:16:5: description is missing",
            "secrets.yaml:16:16: generator: too weak: bytes 8 is about 64 bits (expected: at least"
                + " bytes 16, which is 128 bits)",
            "secrets.yaml:17:36: on: no day of each year (expected: month-day, such as 03-01)",
            "secrets.yaml:20:15: template: names an unknown part 'AA'; did you mean 'A'?",
            "secrets.yaml:20:15: template: it names itself",
            "secrets.yaml:21:3: the same key as in line 8; keep one of the two");
  }

  @Test
  void aMistypedSectionIsNoValue() {
    assertThat(mistakes(HEAD.replace("secrets:", "secret:") + "  A: {description: a}\n"))
        .containsExactly(
            "secrets.yaml:1:1: secrets is missing",
            "secrets.yaml:7:1: unknown key 'secret'; did you mean 'secrets'?");
    assertThat(mistakes(HEAD + "  A: {description: a, secret: x}\n"))
        .containsExactly(
            "secrets.yaml:8:23: an inventory holds no values: remove it, and rotate the secret if"
                + " it was one");
  }

  @Test
  void aNameThatRotationsKeepIsToldAtItsPlace() {
    assertThat(mistakes(HEAD + "  X: {description: x}\n  X-pending:\n    description: y\n"))
        .containsExactly(
            "secrets.yaml:9:3: the name is kept for rotations of the secret that it begins with");
  }

  @Test
  void followsTemplatesInRings() {
    String text =
        HEAD
            + "  A: {description: a, template: 'a{B}'}\n"
            + "  B: {description: b, template: 'b{C}'}\n"
            + "  C: {description: c, template: 'c{A}'}\n";
    assertThat(mistakes(text))
        .hasSize(3)
        .anyMatch(m -> m.endsWith(":8:33: template: cycle: A -> B -> C -> A"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "generator: hex 16, template: 'x{B}'|a generator as well",
        "generator: hex 16, validation: {min-length: 33}|makes 32 characters",
        "generator: hex 16, validation: {prefix: x}|random values",
        "template: 'postgres://{B}', validation: {prefix: 'postgresql://'}|does not start with",
        "template: 'x', validation: {}|names no part",
        "template: 'x{B'|without its '}'",
        "template: 'x}{B}'|without its '{'",
        "template: 'x{}'|nothing between",
        "template: 'x{B}', rotation: {every: 1 month}|no rotation of its own",
        "rotation: {every: 0 days}|such as 3 months",
        "rotation: {grace: 1 day}|neither 'every' nor 'on'",
        "rotation: {on: [03-01, 03-01]}|the same day twice",
        "rotation: {on: [02-29]}|no day of each year",
        "rotation: {on: []}|an empty list",
        "rotation: 3 months|a section of keys",
        "rotation: {every: 1 month, alternate: {user: B, users: [x, y]}}|without a hook 'retire'",
        "validation: {matches: '['}|no regular expression",
        "validation: {min-length: -1}|a whole number",
        "validation: {check: hexx}|did you mean 'hex'",
        "environments: [prd]|did you mean 'prod'",
        "template: 'x{PART}'|did you mean 'PART_TWO'",
        "local-override: 9X|the name of a variable",
        "hooks: {deploy: ./run}|expected: a list",
        "hooks: {deply: [x]}|did you mean 'deploy'",
        "owner: [x]|expected: a text",
        "owner:|expected: a text",
        "value: x|holds no values",
      })
  void refuses(String line, String text) {
    String secrets =
        "  A: {description: a, "
            + line
            + "}\n  B: {description: b}\n  PART_TWO: {description: b}\n";
    assertThat(mistakes(HEAD + secrets)).anyMatch(m -> m.contains(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 2",
        "service: \"a\\tb\"",
        "time-zone: Moon/Crater",
        "time-zone: +02:00",
        "time-zone: Z",
        "environments: {}",
        "environments: {Prod: {}}",
        "environments: {a: {prefix: x}}",
        "environments: {a: {}, b: {}}",
        "environments: {a: [x]}",
        "environments: {a: {aws: {region: '${x}'}}}",
        "secrets: {}",
        "secrets: {'a b': {description: x}}",
        "secrets: {../x: {description: x}}",
        "secrets: {A: text}",
      })
  void refusesAtTheTop(String line) {
    String key = line.substring(0, line.indexOf(':'));
    StringBuilder text = new StringBuilder(line).append('\n');
    for (String usual :
        List.of(
            "version: 1",
            "service: s",
            "owner: o",
            "environments: {prod: {prefix: prod/}}",
            "secrets: {A: {description: a}}")) {
      if (!usual.startsWith(key + ":")) {
        text.append(usual).append('\n');
      }
    }
    assertThat(mistakes(text.toString())).hasSize(1);
  }

  /** What somebody pasted into the file by mistake must not go on into a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "  A: %s\n",
        "  A: {description: a, generator: %s}\n",
        "  A: {description: a, %s: x}\n",
        "  A: {description: a, readers: [%s]}\n",
        "  A: {description: a, template: 'x{%s}'}\n",
        "  A: {description: a, validation: {check: %s, min-length: %s, matches: '[%s'}}\n",
        "  A: {description: a, rotation: {every: %s, on: [%s], grace: %s}}\n",
        "  A: {description: a, local-override: %s}\n",
        "  A: {description: a, value: %s}\n",
        "  A:\n    description: \"%s\n",
        "  A:\n    description: @%s\n",
        "  A:\n    description: *%s\n",
        "  A:\n    description: &%s x\n",
        "  A:\n    description: !%s x\n",
        "  A:\n    description: !%s!x x\n",
        "  A:\n    description: x\n   %s: [\n",
        "  A: {description: a, b: '%s\u0007'}\n",
        "%s\n",
      })
  void noMistakeRepeatsWhatMayBeAValue(String line) {
    String text = HEAD + line.replace("%s", CANARY);
    assertThatThrownBy(() -> Inventory.parse(text, "secrets.yaml"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("secrets.yaml:")
        .hasMessageNotContaining(CANARY)
        .satisfies(e -> assertThat(e.getCause()).isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# only a comment\n", "[a, b]", "just text", "--- a\n--- b\n"})
  void refusesOtherFiles(String text) {
    assertThat(mistakes(text)).isNotEmpty();
  }

  @Test
  void refusesWhatUnfoldsOrNestsOrIsHuge() {
    String bomb = HEAD + "  A: &a {description: x}\n  B: *a\n  C: [*a, *a, *a]\n";
    assertThat(mistakes(bomb))
        .anyMatch(m -> m.contains("an alias"))
        .anyMatch(m -> m.contains("an anchor"));
    assertThat(mistakes(HEAD + "  A: " + "[".repeat(100_000))).anyMatch(m -> m.contains("deeper"));
    assertThat(mistakes(HEAD + "  A: " + "{a: ".repeat(100_000)))
        .anyMatch(m -> m.contains("deeper"));
    assertThat(mistakes("#".repeat(YamlFile.LONGEST + 1))).anyMatch(m -> m.contains("1 MiB"));
    StringBuilder many = new StringBuilder(HEAD);
    for (int i = 0; i < 200; i++) {
      many.append("  A").append(i).append(": {descriptoin: x}\n");
    }
    assertThat(mistakes(many.toString())).hasSize(51).last().asString().endsWith("and 350 more");
  }

  @Test
  void readsFilesAndSaysWhyItCannot() throws IOException {
    Path file = folder.resolve("secrets.yaml");
    assertThatThrownBy(() -> Inventory.read(file)).hasMessageContaining("no such file");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> Inventory.read(file)).hasMessageContaining("not UTF-8");
    Files.writeString(file, "\ufeff" + InventoryText.example(), StandardCharsets.UTF_8);
    assertThat(Inventory.read(file).names()).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({
    // every, on, made, due
    "3 months, 03-01 06-01 09-01 12-01, 2026-03-01, 2026-06-01",
    "3 months, 03-01 06-01 09-01 12-01, 2026-05-20, 2026-06-01",
    "3 months, 03-01 06-01 09-01 12-01, 2026-12-01, 2027-03-01",
    "6 months, 03-01 09-01, 2026-03-01, 2026-09-01",
    "6 months, 09-01, 2026-09-01, 2027-03-01",
    "30 days, , 2026-01-31, 2026-03-02",
    ", 03-01 09-01, 2026-09-01, 2027-03-01",
    ", 03-01 09-01, 2026-08-31, 2026-09-01",
  })
  void dueIsWithinTheAgeAndOnTheDay(String every, String on, LocalDate made, LocalDate due) {
    String rotation =
        (every == null ? "" : "every: " + every + (on == null ? "" : ", "))
            + (on == null ? "" : "on: [" + on.replace(" ", ", ") + "]");
    Inventory inventory =
        Inventory.parse(HEAD + "  A: {description: a, rotation: {" + rotation + "}}\n", "x");
    InventorySecret secret = inventory.secrets(inventory.environment("prod")).get(0);
    assertThat(Objects.requireNonNull(secret.rotation()).due(made)).isEqualTo(due);
  }

  /** A value that is made here and stands in the URL of a database, also by way of another part. */
  @Test
  void knowsWhatOpensADatabase() {
    Inventory inventory =
        Inventory.parse(
            HEAD
                + """
                  PW: {description: a, generator: hex 16}
                  USER: {description: b}
                  LOGIN: {description: c, template: "{USER}:{PW}"}
                  URL: {description: d, template: "postgresql+psycopg://{LOGIN}@db/ltc"}
                  CHECKED_PW: {description: e, generator: hex 16}
                  CHECKED: {description: f, template: "{CHECKED_PW}@db", validation: {check: postgresql-url}}
                  PAY: {description: g, opens: the payment service}
                  KEY: {description: h, generator: hex 32}
                  OTHER: {description: i, template: "https://{KEY}@example.org"}
                """
                    .indent(2)
                    .replace("    ", "  "),
            "x");
    Map<String, InventorySecret> secrets = inventory.byName(inventory.environment(""));
    assertThat(secrets.get("PW").opens()).isEqualTo("the database of URL");
    assertThat(secrets.get("CHECKED_PW").opens()).isEqualTo("the database of CHECKED");
    assertThat(secrets.get("PAY").opens()).isEqualTo("the payment service");
    assertThat(secrets.values())
        .filteredOn(secret -> secret.opens() != null)
        .extracting(InventorySecret::name)
        .containsExactlyInAnyOrder("PW", "CHECKED_PW", "PAY")
        .allMatch(name -> secrets.get(name).lacksApply());
  }

  /** What a secret says of a step counts alone, whether it is a program or a reason for none. */
  @Test
  void aSecretHasItsOwnHooksOrItsOwnReasons() {
    String head =
        HEAD.replace("secrets:", "hooks: {apply: [all], deploy: {none: it asks itself}}\nsecrets:");
    Inventory inventory =
        Inventory.parse(
            head
                + "  A: {description: a, opens: x}\n"
                + "  B: {description: b, opens: x, hooks: {apply: {none: by hand}, deploy:"
                + " [own]}}\n",
            "x");
    Map<String, InventorySecret> secrets = inventory.byName(inventory.environment(""));
    assertThat(secrets.get("A").hooks()).containsExactly(Map.entry("apply", List.of("all")));
    assertThat(secrets.get("A").declined()).containsExactly(Map.entry("deploy", "it asks itself"));
    assertThat(secrets.get("B").hooks()).containsExactly(Map.entry("deploy", List.of("own")));
    assertThat(secrets.get("B").declined()).containsExactly(Map.entry("apply", "by hand"));
    assertThat(secrets.get("B").lacksApply()).isFalse();
    assertThat(
            mistakes(
                head
                    + "  A: {description: a, template: 'x{B}', opens: y}\n  B: {description: b}\n"))
        .anyMatch(mistake -> mistake.contains("opens: set this on the parts"));
  }
}
