package de.lifetimecircle.secrets.operations.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.CheckFinding.Status;
import de.lifetimecircle.secrets.operations.check.LeakedValues;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page with names and clocks that somebody else has chosen. The command's test has the rest.
 */
class StatusPageTest {
  private static final Instant MADE = Instant.parse("2026-03-01T23:30:00Z");

  @TempDir Path folder;
  private final List<String> watched = new ArrayList<>();

  private String page(Instant now) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("secrets.yaml"),
            """
            version: 1
            service: lifetimecircle
            owner: '"><img src=x>'
            time-zone: Europe/Berlin
            environments: {prod: {prefix: prod/}}
            secrets:
              A: {description: "\\u202Eerutuf & <script>alert(1)</script>", rotation: {every: 1 day}}
              B: {description: b}
            """);
    FakeStore store =
        FakeStore.create().clock(() -> MADE).holding("prod/A", "1").holding("prod/B", "2");
    try (SecretProvider provider =
        SecretProvider.builder().store(store).set("retries", "0").build()) {
      return StatusPage.read(
              List.of(InventoryLocation.read(file, "")),
              provider,
              () -> now,
              Language.ENGLISH,
              (done, all) -> watched.add(done + "/" + all))
          .text();
    }
  }

  @Test
  void textsOfOthersAreTextsAndNothingElse() throws IOException {
    String page = page(MADE);
    assertThat(page)
        .contains("Secrets of lifetimecircle</title>")
        .contains("&quot;&gt;&lt;img src=x&gt;")
        .contains("\uFFFDerutuf &amp; &lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script", "<img", "\u202E");
    assertThat(watched).containsExactly("1/2", "2/2");
  }

  @Test
  void daysAreThoseOfTheInventory() throws IOException {
    // 23:30 UTC is the next day in Berlin, where the value is made and due.
    assertThat(page(MADE)).contains("As of 2 March 2026, 00:30 (Europe/Berlin)").contains("0 days");
    assertThat(page(MADE.plusSeconds(24 * 3600)))
        .contains("prod/A is due today")
        .contains("1 day</td>");
    assertThat(page(MADE.plusSeconds(48 * 3600)))
        .contains("prod/A was due on 3 March 2026")
        .contains("2 days</td>");
    assertThat(page(MADE.minusSeconds(24 * 3600))).contains("0 days</td>");
  }

  private String page(String inventory, FakeStore store, String... environments)
      throws IOException {
    Path file = Files.writeString(folder.resolve("secrets.yaml"), inventory);
    List<InventoryLocation> sites = new ArrayList<>();
    for (String environment : environments) {
      sites.add(InventoryLocation.read(file, environment));
    }
    try (SecretProvider provider =
        SecretProvider.builder().store(store).set("retries", "0").build()) {
      return StatusPage.read(sites, provider, () -> MADE, Language.ENGLISH, (done, all) -> {})
          .text();
    }
  }

  private static String inventory(String description) {
    return """
    version: 1
    service: lifetimecircle
    owner: Anna
    time-zone: Europe/Berlin
    environments: {prod: {prefix: prod/}, dev: {prefix: dev/}}
    secrets:
      A: {description: DESCRIPTION, readers: [service]}
      B: {description: The other, generator: hex 32}
    """
        .replace("DESCRIPTION", description);
  }

  private static FakeStore store(String password) {
    return FakeStore.create()
        .holding("prod/A", password)
        .holding("dev/A", "the value of dev")
        .holding("prod/B", "b".repeat(64))
        .holding("dev/B", "c".repeat(64));
  }

  private void rotate(FakeStore store, String environment, String who, Duration later)
      throws IOException {
    Path file = Files.writeString(folder.resolve("secrets.yaml"), inventory("a"));
    try (SecretWriter writer =
        SecretProvider.builder().store(store.secondClient()).set("retries", "0").buildWriter()) {
      RotationReport report =
          Rotations.of(InventoryLocation.read(file, environment).inventory(), environment, writer)
              .journal(folder.resolve(Rotations.FOLDER))
              .hookFolder(folder)
              .who(who)
              .clock(() -> MADE.plus(later))
              .build()
              .rotate("B", Duration.ZERO);
      assertThat(report.outcome()).isEqualTo(RotationReport.Outcome.FINISHED);
    }
  }

  /** Both environments share one log, and the last line is of the other one. */
  @ParameterizedTest
  @CsvSource({"prod, dev", "dev, prod"})
  void eachEnvironmentShowsItsOwnRotation(String first, String second) throws IOException {
    FakeStore store = store("another value");
    rotate(store, first, "anna-of-" + first, Duration.ZERO);
    assertThat(page(inventory("a"), store.secondClient(), first)).contains("by anna-of-" + first);
    assertThat(page(inventory("a"), store.secondClient(), second)).doesNotContain("by anna-of");
    rotate(store, second, "bert-of-" + second, Duration.ofDays(3));
    assertThat(page(inventory("a"), store.secondClient(), first))
        .contains("by anna-of-" + first)
        .doesNotContain("by bert-of");
    assertThat(page(inventory("a"), store.secondClient(), second))
        .contains("by bert-of-" + second)
        .doesNotContain("by anna-of");
    rotate(store, first, "clara-of-" + first, Duration.ofDays(4));
    assertThat(page(inventory("a"), store.secondClient(), first)).contains("by clara-of-" + first);
  }

  /** A template has no entry in the log: it gets a new value when one of its parts does. */
  @Test
  void aTemplateRotatesWithItsParts() throws IOException {
    String template =
        inventory("a") + "  URL: {description: c, template: 'x-${B}'}\n  N: {description: n}\n";
    FakeStore store = store("another value").holding("prod/URL", "x-old").holding("prod/N", "n");
    rotate(store, "prod", "anna", Duration.ZERO);
    String page = page(template, store.secondClient(), "prod");
    assertThat(row(page, "URL")).contains("by anna").doesNotContain("never");
    assertThat(row(page, "N")).contains("never");
  }

  private static String row(String page, String name) {
    int from = page.indexOf(">" + name + "</code>");
    return page.substring(from, page.indexOf("</tr>", from));
  }

  @ParameterizedTest
  @CsvSource({"0, Nothing is due", "1, There is 1 warning", "2, There are 2 warnings"})
  void aPageWithWarningsDoesNotSayThatAllIsWell(int warnings, String said) throws IOException {
    Path file = Files.writeString(folder.resolve("secrets.yaml"), inventory("a"));
    InventoryLocation site = InventoryLocation.read(file, "prod");
    LocalizedTexts texts = LocalizedTexts.of(StatusPage.class, Language.ENGLISH);
    try (SecretProvider provider = SecretProvider.builder().store(store("a value")).build()) {
      ChecklistContext input =
          new ChecklistContext(
              site,
              StoreSnapshot.of(site, provider),
              Collections.nCopies(warnings, new CheckFinding(Status.WARN, "prod/A", "is odd")),
              Optional.empty(),
              LeakedValues.COMPARED,
              LocalDate.EPOCH,
              texts);
      EnvironmentState state =
          new EnvironmentState(
              site, input, List.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of());
      StatusPage page =
          new StatusPage(List.of(state), texts, Language.ENGLISH, LocalDateTime.MIN.withYear(2026));
      assertThat(page.isComplete()).isTrue();
      assertThat(page.text()).contains(said);
      assertThat(page.text().contains("Nothing is due")).isEqualTo(warnings == 0);
    }
  }

  /** At 390 pixels each row is a list, so each cell says which column it is of. */
  @Test
  void eachCellKnowsItsHead() throws IOException {
    assertThat(page(MADE))
        .contains("<td data-head=\"Last rotation\">", "<td data-head=\"Owner\">")
        .doesNotContain("<td>");
  }

  /** All environments may keep their post-mortems in one folder. */
  @ParameterizedTest
  @CsvSource({"prod, dev", "dev, prod"})
  void eachEnvironmentShowsItsOwnEmergencies(String first, String second) throws IOException {
    Path records = Files.createDirectories(folder.resolve("docs/post-mortems"));
    for (String environment : List.of(first, second)) {
      String file = "2026-03-01-of-" + environment + ".md";
      assertThat(page(inventory("a"), store("another value"), environment))
          .contains("No emergency has been practised in " + environment)
          .doesNotContain("-of-");
      Files.writeString(
          records.resolve(file),
          "<!-- secrets post-mortem 1 environment="
              + environment
              + " secret=A kind=real day=2026-03-01 seconds=360 outcome=done -->\n");
      assertThat(page(inventory("a"), store("another value"), environment)).contains(file);
    }
    assertThat(page(inventory("a"), store("another value"), first))
        .contains("-of-" + first)
        .doesNotContain("-of-" + second);
  }

  @Test
  void oneEnvironmentShowsNoSentencesThatTheOthersShare() throws IOException {
    String inventory = inventory("Log in with Pr0d-Winter");
    assertThat(page(inventory, store("Pr0d-Winter"), "dev"))
        .contains("because the values of the other environments were not compared")
        .doesNotContain("Pr0d-Winter", "Anna");
    assertThat(page(inventory, store("Pr0d-Winter"), "prod", "dev"))
        .contains("because the inventory contains a value")
        .doesNotContain("Pr0d-Winter", "Anna");
    assertThat(page(inventory, store("another value"), "prod", "dev"))
        .contains("Log in with Pr0d-Winter", "Anna")
        .doesNotContain("are left out");
  }

  @Test
  void aValueThatCannotBeReadLeavesTheSentencesOut() throws IOException {
    FakeStore store = store("prod-password-1234");
    store.always(FakeStore.Op.FETCH, "prod/A", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(page(inventory("It is prod-password-1234"), store, "prod", "dev"))
        .contains("because a value could not be read")
        .doesNotContain("prod-password-1234", "Anna");
  }

  @Test
  void anOpenedSystemIsLeftOutOfFindingsAndPoints() throws IOException {
    String opening =
        inventory("a")
            .replace(
                "generator: hex 32",
                "generator: hex 32, rotation: {every: 1 year}, opens: 'postgres://app:"
                    + "b".repeat(64)
                    + "@db'")
            .replace("secrets:", "secrets:\n  C: {description: c, opens: postgres}");
    assertThat(page(opening, store("prod-password-1234"), "prod", "dev"))
        .contains("opens …, and no hook", "B (…)")
        .doesNotContain("bbbbbbbb", "://app");
    String harmless = opening.replace("b".repeat(64), "secret");
    assertThat(page(harmless, store("prod-password-1234"), "prod", "dev"))
        .contains("opens postgres://app:secret@db, and no hook", "B (postgres://app:secret@db)");
  }

  @Test
  void anEscapedOrFoldedValueIsFound() throws IOException {
    String value = "correct horse battery";
    for (String written :
        List.of("\"\\x63orrect horse battery\"", "\"correct horse\n      battery\"")) {
      assertThat(page(inventory(written), store(value), "prod", "dev"))
          .contains("its value is in the inventory", "because the inventory contains a value")
          .doesNotContain(value);
    }
  }

  /** The sample that bench/browser/run opens: something to do in each environment, and a drill. */
  @Test
  void theSampleForTheBrowserIsWritten() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("secrets.yaml"),
            InventoryText.example()
                .replace("environments:\n", "environments:\n  staging:\n    prefix: staging/\n"));
    Path records = Files.createDirectories(folder.resolve("docs/post-mortems"));
    for (String kind : List.of("drill", "real")) {
      Files.writeString(
          records.resolve("2026-03-02-" + kind + ".md"),
          "<!-- secrets post-mortem 1 environment=prod secret=LTC_SECRET_KEY kind="
              + kind
              + " day=2026-03-02 seconds=360 outcome=done -->\n");
    }
    FakeStore store =
        FakeStore.create()
            .clock(() -> MADE)
            .holding("prod/LTC_SECRET_KEY", "a".repeat(64))
            .holding("prod/DB_ADMIN_PW", "b".repeat(32))
            .holding("prod/STRANGER_WITH_A_LONG_NAME_THAT_NOBODY_KNOWS", "x")
            .holding("staging/LTC_SECRET_KEY", "c".repeat(64));
    Path sample = Files.createDirectories(Path.of("target/status-sample"));
    try (SecretProvider provider =
        SecretProvider.builder().store(store).set("retries", "0").build()) {
      for (Language language : Language.values()) {
        StatusPage page =
            StatusPage.read(
                List.of(
                    InventoryLocation.read(file, "prod"), InventoryLocation.read(file, "staging")),
                provider,
                () -> MADE.plusSeconds(120L * 24 * 3600),
                language,
                (done, all) -> {});
        assertThat(page.isComplete()).isFalse();
        page.write(sample.resolve("status." + language.code() + ".html"));
      }
    }
    assertThat(sample.resolve("status.de.html")).content().contains("<html lang=\"de\">");
  }
}
