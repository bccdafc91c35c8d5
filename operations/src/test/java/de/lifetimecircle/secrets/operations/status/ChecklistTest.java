package de.lifetimecircle.secrets.operations.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.generation.GenerationResult;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example's service on a store in memory that says it is AWS. */
@ExtendWith(LeakProbeExtension.class)
class ChecklistTest {
  private static final String SUM = "0123456789abcdef".repeat(4);

  /** The example as a team has made it its own. */
  private static final String INVENTORY =
      InventoryText.example()
          .replace(".example", ".test")
          .replace("123456789012", "210987654321")
          .replace("00000000-0000-0000-0000-000000000000", "0f0e0d0c-0000-4000-8000-000000000001");

  @TempDir Path folder;
  private final Instant made = Instant.parse("2026-03-01T12:00:00Z");
  private Instant now = made;
  private final FakeStore store = FakeStore.create().clock(() -> made);

  @BeforeEach
  void begin() {
    write("secrets.yaml", INVENTORY);
  }

  /** A command that is pasted where this test runs, which is not the inventory's folder. */
  private String command(String words) {
    return "secrets " + words + " --inventory " + folder.resolve("secrets.yaml");
  }

  private void write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  private SecretProvider provider() {
    return SecretProvider.builder()
        .store(store.secondClient())
        .set("retries", "0")
        .set("backend", "aws")
        .build();
  }

  private List<ChecklistItem> ticks() {
    try (SecretProvider provider = provider()) {
      return new Checklist(site(), StoreSnapshot.of(site(), provider), () -> now, Language.ENGLISH)
          .items();
    }
  }

  private ChecklistItem tick(ChecklistPoint point) {
    return ticks().stream().filter(tick -> tick.point() == point).findFirst().orElseThrow();
  }

  private void claim(ChecklistPoint point) {
    try (SecretProvider provider = provider()) {
      new Checklist(site(), StoreSnapshot.of(site(), provider), () -> now, Language.ENGLISH)
          .claim(point, "Anna");
    }
  }

  private void fill() {
    store
        .holding("prod/DB_USERNAME", "postgres")
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "5432")
        .holding("prod/DB_NAME", "ltc");
    try (SecretWriter writer = SecretProvider.builder().store(store.secondClient()).buildWriter()) {
      SecretGeneration generation =
          new SecretGeneration(site().inventory(), "", writer, SystemRandom.open());
      assertThat(generation.names())
          .allMatch(name -> generation.make(name).outcome() != GenerationResult.Outcome.MISSING);
    }
  }

  private void everything() throws IOException {
    fill();
    InventoryLocation site = site();
    write(
        "docs/SECRETS_PROD_DECISION.md", "# We go with: AWS Secrets Manager\n\nStatus: accepted\n");
    for (AccessPolicy.Audience who : AccessPolicy.Audience.values()) {
      write(
          "infra/secrets/prod/" + who.name().toLowerCase(Locale.ROOT) + ".json",
          AccessPolicy.text(site.inventory(), "", who, "aws"));
    }
    write("server/main.py", "LTC_SECRET_KEY DATABASE_URL ADMIN_API_TOKEN");
    write(
        ".github/workflows/deploy-prod.yml",
        CiSystem.GITHUB.text(
            site.inventory(),
            "",
            "secrets.yaml",
            "aws",
            new CiSystem.Archive("https://example.com/s.tar.gz", SUM)));
    AlertDefinitions.files(
            site.inventory(), "", "aws", LocalDate.ofInstant(now, site.inventory().zone()))
        .forEach((name, text) -> write("infra/alerts/prod/" + name, text));
    write(
        "docs/post-mortems/2026-03-01-1200-LTC_SECRET_KEY-drill.md",
        "<!-- secrets post-mortem 1 environment=prod secret=LTC_SECRET_KEY kind=drill"
            + " day=2026-03-01 seconds=7 outcome=done -->\n");
    try (SecretProvider provider = provider()) {
      Runbook.write(
          site.path(InventoryLocation.ProjectFile.RUNBOOK),
          site,
          StoreSnapshot.of(site, provider),
          Language.ENGLISH);
      for (Handover.To to : Handover.To.values()) {
        Handover.record(site, StoreSnapshot.of(site, provider), to, "Anna", () -> now);
      }
    }
    claim(ChecklistPoint.POLICIES);
    claim(ChecklistPoint.SERVICE);
    claim(ChecklistPoint.ROTATION);
    claim(ChecklistPoint.AUDIT);
    claim(ChecklistPoint.EMERGENCY);
  }

  /** Names in a file, an inventory and a rehearsal by the program prove nothing about people. */
  @Test
  void whatNobodyHasDoneIsNotTicked() throws IOException {
    everything();
    Files.delete(folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl"));
    assertThat(tick(ChecklistPoint.SERVICE).missing())
        .containsExactly(
            "no team member claims that the service starts with them and with these settings:"
                + " SECRETS_BACKEND=aws SECRETS_AWS_REGION=eu-central-1 SECRETS_PREFIX=prod/");
    assertThat(tick(ChecklistPoint.EMERGENCY).missing())
        .singleElement()
        .asString()
        .startsWith("no team member claims that the team has practised it");
    assertThat(tick(ChecklistPoint.ROTATION).missing())
        .containsExactly(
            "no team member claims that a timer runs them; '"
                + command("schedule --as systemd")
                + "' writes one");
    write(
        ".github/workflows/rotate.yml",
        """
        on:
          schedule:
            - cron: "17 3 * * *"
        jobs:
          a:
            run: secrets rotate due
        """);
    assertThat(tick(ChecklistPoint.ROTATION).state()).isEqualTo(ChecklistItem.State.PROVEN);
  }

  @Test
  void anEmptyStoreHasNoTickAndACommandForEachPoint() {
    assertThat(ticks())
        .hasSize(11)
        .allSatisfy(
            tick -> {
              assertThat(tick.missing()).as(tick.title()).isNotEmpty();
              assertThat(tick.command()).as(tick.title()).isNotEmpty();
            });
    assertThat(ticks()).filteredOn(t -> t.state() != ChecklistItem.State.MISSING).isEmpty();
  }

  /** A redirect into a folder that does not exist fails; a claim does not replace a file. */
  @Test
  void commandsCreateTheFoldersThatTheyWriteTo() {
    assertThat(ticks())
        .filteredOn(tick -> tick.command().contains(" > "))
        .hasSize(2)
        .allSatisfy(
            tick -> {
              String place = tick.command().substring(tick.command().indexOf(" > ") + 3);
              String parent = place.substring(0, place.lastIndexOf('/'));
              assertThat(tick.command()).startsWith("mkdir -p " + parent + " && secrets ");
            });
    // Its address and checksum are to be filled in: a redirection would empty the old file.
    assertThat(tick(ChecklistPoint.WORKFLOW).command())
        .startsWith("secrets ci github")
        .contains(" --out ")
        .doesNotContain(">");
  }

  @Test
  void everyTickHasItsProofAndAWordIsNoProof(LeakProbe probe) throws IOException {
    everything();
    probe.watch("key", store.secondClient().fetch("prod/LTC_SECRET_KEY").value().asString());
    List<ChecklistItem> ticks = ticks();
    probe.look("ticks", ticks).lookAtFiles(folder).assertClean();
    assertThat(ticks)
        .allSatisfy(
            tick -> {
              assertThat(tick.missing()).as(tick.title()).isEmpty();
              assertThat(tick.proof()).as(tick.title()).isNotEmpty();
            });
    assertThat(ticks)
        .filteredOn(tick -> tick.state() == ChecklistItem.State.CLAIMED)
        .extracting(ChecklistItem::point)
        .containsExactly(
            ChecklistPoint.POLICIES,
            ChecklistPoint.SERVICE,
            ChecklistPoint.ROTATION,
            ChecklistPoint.AUDIT,
            ChecklistPoint.EMERGENCY,
            ChecklistPoint.HANDOVER);
    assertThat(tick(ChecklistPoint.POLICIES).proof())
        .anyMatch(proof -> proof.equals("claimed by Anna on 1 March 2026"));
  }

  @Test
  void theDecisionHoldsOnlyForThisBackendAndSigned() throws IOException {
    everything();
    Path decision = folder.resolve("docs/SECRETS_PROD_DECISION.md");
    Files.writeString(decision, "# Wir gehen mit: Azure Key Vault\n");
    assertThat(tick(ChecklistPoint.DECISION).missing())
        .singleElement()
        .asString()
        .contains("decides for Azure");
    Files.writeString(decision, "# We go with: AWS\n\nStatus: draft of today.\n");
    assertThat(tick(ChecklistPoint.DECISION).missing())
        .singleElement()
        .asString()
        .contains("is a draft");
    Files.writeString(decision, "# Secrets\n");
    assertThat(tick(ChecklistPoint.DECISION).missing())
        .singleElement()
        .asString()
        .contains("has no line");
  }

  /** The rights would be in another account, and the values too. */
  @Test
  void nothingRestsOnAnotherStoreThanTheInventoryNames() throws IOException {
    store.fact("arn", "arn:aws:secretsmanager:eu-central-1:210987654321:secret:x-AbCdEf");
    everything();
    assertThat(tick(ChecklistPoint.STORED).state()).isEqualTo(ChecklistItem.State.PROVEN);
    store.fact("arn", "arn:aws:secretsmanager:eu-central-1:111111111111:secret:x-AbCdEf");
    for (ChecklistPoint point : List.of(ChecklistPoint.STORED, ChecklistPoint.POLICIES)) {
      assertThat(tick(point).missing())
          .as(point.word())
          .anyMatch(
              each ->
                  each.contains("environments.prod.aws.account is 210987654321")
                      && each.contains("the store is 111111111111"));
    }
    assertThat(tick(ChecklistPoint.HANDOVER).missing()).anyMatch(each -> each.contains("devops"));
  }

  @Test
  void eachProofFallsWithTheFileOrSecretItRestsOn() throws IOException {
    everything();
    write("server/main.py", "LTC_SECRET_KEY DATABASE_URL");
    assertThat(tick(ChecklistPoint.SERVICE).missing())
        .singleElement()
        .asString()
        .contains("ADMIN_API_TOKEN");

    write("infra/secrets/prod/ci.json", "{}");
    assertThat(tick(ChecklistPoint.POLICIES).command())
        .isEqualTo(
            "mkdir -p "
                + folder.resolve("infra/secrets/prod")
                + " && "
                + command("policy --for ci --backend aws")
                + " > "
                + folder.resolve("infra/secrets/prod/ci.json"));

    write("infra/alerts/prod/cloudformation.json", "{}");
    assertThat(tick(ChecklistPoint.AUDIT).missing())
        .singleElement()
        .asString()
        .contains("written now");

    write("docs/post-mortems/2026-03-01-1200-LTC_SECRET_KEY-drill.md", "# by hand\n");
    assertThat(tick(ChecklistPoint.EMERGENCY).command())
        .isEqualTo(command("emergency LTC_SECRET_KEY --drill"));

    store.delete("prod/DB_NAME");
    assertThat(tick(ChecklistPoint.STORED).missing())
        .anyMatch(lack -> lack.contains("prod/DB_NAME"));
    assertThat(tick(ChecklistPoint.RUNBOOK).state()).isEqualTo(ChecklistItem.State.MISSING);
    assertThat(tick(ChecklistPoint.HANDOVER).missing())
        .containsExactly("the message to devops still says that the service is not ready");
  }

  /** Nobody practises on production, so a drill with programs elsewhere counts. */
  @Test
  void aLiveDrillInTimeNeedsNoClaim() throws IOException {
    everything();
    Files.delete(folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl"));
    String place = "docs/post-mortems/2026-03-01-1300-LTC_SECRET_KEY-live-drill.md";
    String mark =
        "<!-- secrets post-mortem 1 environment=staging secret=LTC_SECRET_KEY kind=live-drill"
            + " day=2026-03-01 seconds=%d outcome=done -->\n";
    write(place, String.format(Locale.ROOT, mark, 1500));
    assertThat(tick(ChecklistPoint.EMERGENCY).state()).isEqualTo(ChecklistItem.State.PROVEN);
    assertThat(tick(ChecklistPoint.EMERGENCY).proof())
        .singleElement()
        .asString()
        .contains("a drill in staging", "in 1500 s", place);
    write(place, String.format(Locale.ROOT, mark.replace("=done", "=interrupted"), 1500));
    assertThat(tick(ChecklistPoint.EMERGENCY).missing())
        .as("of this environment, the drill on a scratch store is the last")
        .singleElement()
        .asString()
        .startsWith("no team member claims");
    write(place, String.format(Locale.ROOT, mark, 1801));
    assertThat(tick(ChecklistPoint.EMERGENCY).missing())
        .singleElement()
        .asString()
        .endsWith("took 31 minutes, more than 30");
    // A drill on a scratch store of another environment says nothing about this one.
    write(place, String.format(Locale.ROOT, mark.replace("live-drill", "drill"), 7));
    assertThat(tick(ChecklistPoint.EMERGENCY).missing())
        .singleElement()
        .asString()
        .startsWith("no team member claims");
  }

  /**
   * Only the field of the record says that an emergency ended well, whatever its time was. Without
   * its journal nothing is left to resume.
   */
  @ParameterizedTest
  @CsvSource({
    "real, ' outcome=done', 'a real one, done on 1 March 2026 in 4 s: ', ''",
    "real, ' outcome=by-hand', 'a real one, done by hand on 1 March 2026 in 4 s: ', ''",
    "live-drill, ' outcome=done', 'in 4 s (DRILL done): ', ''",
    "real, ' outcome=not-done', 'the last one is NOT done: ', 'LTC_SECRET_KEY --drill'",
    "real, ' outcome=interrupted', 'the last one is interrupted: ', 'LTC_SECRET_KEY --drill'",
    "live-drill, ' outcome=not-done', 'is DRILL NOT done: ', 'LTC_SECRET_KEY --drill'",
    "drill, ' outcome=interrupted', 'is DRILL interrupted: ', 'LTC_SECRET_KEY --drill'",
    "real, '', 'does not say how it ended', 'LTC_SECRET_KEY --drill'",
    "live-drill, '', 'does not say how it ended', 'LTC_SECRET_KEY --drill'"
  })
  void anEmergencyCountsOnlyIfItsRecordSaysThatItEndedWell(
      String kind, String outcome, String words, String command) throws IOException {
    everything();
    write(
        "docs/post-mortems/2026-03-01-1300-DB_ADMIN_PW.md",
        "<!-- secrets post-mortem 1 environment=prod secret=DB_ADMIN_PW kind="
            + kind
            + " day=2026-03-01 seconds=4"
            + outcome
            + " -->\n");
    ChecklistItem item = tick(ChecklistPoint.EMERGENCY);
    boolean good = outcome.endsWith("=done") || outcome.endsWith("by-hand");
    assertThat(item.state())
        .isEqualTo(good ? ChecklistItem.State.PROVEN : ChecklistItem.State.MISSING);
    assertThat(good ? item.proof() : item.missing()).singleElement().asString().contains(words);
    assertThat(item.command())
        .isEqualTo(
            good
                ? ""
                : "secrets emergency "
                    + command
                    + " --inventory "
                    + folder.resolve("secrets.yaml"));
  }

  @Test
  void aHandOverOfAnotherInventoryIsNone() throws IOException {
    everything();
    write("secrets.yaml", INVENTORY.replace("contact: security@", "contact: help@"));
    assertThat(tick(ChecklistPoint.HANDOVER).missing())
        .anyMatch(lack -> lack.contains("Anna handed over to devops on 1 March 2026"));
  }

  @Test
  void theWorkflowIsTheGeneratedOneOrTakesSecretsInOneStepOnly() throws IOException {
    everything();
    String place = ".github/workflows/deploy-prod.yml";
    assertThat(tick(ChecklistPoint.WORKFLOW).proof())
        .singleElement()
        .asString()
        .contains("written now");
    write(place, "run: secrets exec --for ci -- ./deploy\n");
    assertThat(tick(ChecklistPoint.WORKFLOW).proof())
        .singleElement()
        .asString()
        .contains("secrets exec");
    write(place, "run: |\n  export LTC_SECRET_KEY=$(secrets get prod/LTC_SECRET_KEY)\n");
    assertThat(tick(ChecklistPoint.WORKFLOW).missing())
        .singleElement()
        .asString()
        .contains("may reach other steps: LTC_SECRET_KEY");
    write(place, "run: ./deploy\n");
    assertThat(tick(ChecklistPoint.WORKFLOW).missing())
        .singleElement()
        .asString()
        .contains("reads no secrets");
  }

  /** Only the workflows at the root of a repository run. */
  @Test
  void aServiceInASubfolderHasItsWorkflowAtTheRoot() throws IOException {
    Files.createDirectory(folder.resolve(".git"));
    write("services/a/secrets.yaml", InventoryText.example());
    InventoryLocation inner = InventoryLocation.read(folder.resolve("services/a/secrets.yaml"), "");
    assertThat(inner.place(InventoryLocation.ProjectFile.RUNBOOK))
        .isEqualTo("docs/SECRETS_PROD_RUNBOOK.md");
    assertThat(inner.place(InventoryLocation.ProjectFile.WORKFLOW))
        .isEqualTo("../../.github/workflows/deploy-prod.yml");
    write(
        ".github/workflows/deploy-prod.yml",
        CiSystem.GITHUB.text(
            inner.inventory(),
            "",
            inner.inRepository(),
            "aws",
            new CiSystem.Archive("https://example.com/s.tar.gz", SUM)));
    try (SecretProvider provider = provider()) {
      assertThat(
              new Checklist(inner, StoreSnapshot.of(inner, provider), () -> now, Language.ENGLISH)
                  .items())
          .filteredOn(tick -> tick.point() == ChecklistPoint.WORKFLOW)
          .singleElement()
          .satisfies(tick -> assertThat(tick.state()).isEqualTo(ChecklistItem.State.PROVEN));
    }
  }

  @Test
  void policiesWithValuesOfTheExampleAreNotDone() throws IOException {
    everything();
    write("secrets.yaml", InventoryText.example());
    assertThat(tick(ChecklistPoint.POLICIES))
        .satisfies(
            tick -> {
              assertThat(tick.missing().get(0))
                  .contains("repeat: contact, prod.aws.account, prod.aws.kms-key");
              assertThat(tick.command())
                  .isEqualTo("${EDITOR:-vi} " + folder.resolve("secrets.yaml"));
            });
  }

  @Test
  void whatWasClaimedOfOtherPoliciesIsNoClaim() throws IOException {
    everything();
    write("secrets.yaml", INVENTORY.replace("210987654321", "345678901234"));
    for (AccessPolicy.Audience who : AccessPolicy.Audience.values()) {
      write(
          "infra/secrets/prod/" + who.name().toLowerCase(Locale.ROOT) + ".json",
          AccessPolicy.text(site().inventory(), "", who, "aws"));
    }
    assertThat(tick(ChecklistPoint.POLICIES).missing())
        .singleElement()
        .asString()
        .contains("Anna claimed it on 1 March 2026, and it has changed since");
    claim(ChecklistPoint.POLICIES);
    assertThat(tick(ChecklistPoint.POLICIES).state()).isEqualTo(ChecklistItem.State.CLAIMED);
  }

  /** A call to a store that is down costs its retries: two of them are enough, and one cause. */
  @Test
  void aStoreThatIsDownIsAskedTwiceAndReportedOnce() throws IOException {
    everything();
    store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    int before = store.calls();
    List<ChecklistItem> ticks = ticks();
    assertThat(store.calls() - before).isLessThanOrEqualTo(2);
    assertThat(ticks).hasSize(11);
    assertThat(ticks.stream().flatMap(tick -> tick.missing().stream()))
        .filteredOn(text -> text.contains("unavailable"))
        .containsExactly("the store cannot be asked: unavailable");
    assertThat(ticks)
        .filteredOn(tick -> tick.state() == ChecklistItem.State.MISSING)
        .hasSize(5)
        .allSatisfy(tick -> assertThat(tick.command()).isEqualTo("secrets doctor"));
  }

  @Test
  void practiceAndValuesGrowOld() throws IOException {
    everything();
    now = made.plus(Duration.ofDays(200));
    assertThat(tick(ChecklistPoint.EMERGENCY).missing())
        .singleElement()
        .asString()
        .contains("six months");
    assertThat(tick(ChecklistPoint.ROTATION).missing())
        .anyMatch(lack -> lack.contains("older than its rotation allows"));
    assertThat(tick(ChecklistPoint.ROTATION).command()).isEqualTo(command("rotate due"));
  }

  /** The words of a rule are the team's: they may look like those of a missing secret. */
  @Test
  void theCommandFollowsFromTheReasonAndNotFromTheWords() throws IOException {
    everything();
    assertThat(tick(ChecklistPoint.GENERATED).state()).isEqualTo(ChecklistItem.State.PROVEN);
    write(
        "secrets.yaml",
        Files.readString(folder.resolve("secrets.yaml"))
            .replaceFirst(
                "min-length: 32", "matches: 'x: missing; older than its rotation allows'"));
    assertThat(tick(ChecklistPoint.GENERATED).missing())
        .anyMatch(lack -> lack.contains(": missing"));
    assertThat(tick(ChecklistPoint.GENERATED).command()).isEqualTo(command("check"));
    store.losing("prod/LTC_SECRET_KEY");
    assertThat(tick(ChecklistPoint.GENERATED).command()).isEqualTo(command("generate --all"));
  }

  @Test
  void takesNobodysWordForWhatItCanSee() {
    assertThatThrownBy(() -> claim(ChecklistPoint.GENERATED))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("this program checks it itself");
    assertThat(folder.resolve("docs")).doesNotExist();
  }

  @Test
  void damagedRecordsAreNoRecords() throws IOException {
    everything();
    Path records = folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl");
    Files.writeString(records, Files.readString(records) + "{\"record\":1,\"at\":\"yester\n");
    assertThatThrownBy(this::ticks)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("line 8 is not as this program writes it");
  }
}
