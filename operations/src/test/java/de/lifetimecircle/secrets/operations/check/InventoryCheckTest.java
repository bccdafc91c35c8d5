package de.lifetimecircle.secrets.operations.check;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.generation.GenerationResult;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakProbeExtension.class)
class InventoryCheckTest {
  private static final Instant CREATED = Instant.parse("2026-03-01T12:00:00Z");

  private final FakeStore store = FakeStore.create().clock(() -> CREATED);
  private Inventory inventory = Inventory.parse(InventoryText.example(), "secrets.yaml");

  private void fill() {
    store
        .holding("prod/DB_USERNAME", "postgres")
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "5432")
        .holding("prod/DB_NAME", "ltc");
    try (SecretWriter writer = SecretProvider.builder().store(store.secondClient()).buildWriter()) {
      SecretGeneration generation =
          new SecretGeneration(inventory, "", writer, SystemRandom.open());
      assertThat(generation.names())
          .allMatch(name -> generation.make(name).outcome() != GenerationResult.Outcome.MISSING);
    }
  }

  private List<CheckFinding> check(String now) {
    return check(store, Map.of(), now);
  }

  private List<CheckFinding> check(FakeStore other, Map<String, String> environment, String now) {
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(other.secondClient())
            .environment(environment)
            .set("retries", "0")
            .build()) {
      return new InventoryCheck(
              new StoreSnapshot(inventory, "", provider), () -> Instant.parse(now))
          .findings();
    }
  }

  private static List<CheckFinding> of(List<CheckFinding> findings, CheckFinding.Status status) {
    return findings.stream().filter(finding -> finding.status() == status).toList();
  }

  @Test
  void allIsWellAfterGeneration(LeakProbe probe) {
    fill();
    probe.watch("key", store.secondClient().fetch("prod/LTC_SECRET_KEY").value().asString());
    List<CheckFinding> findings = check("2026-03-02T00:00:00Z");
    assertThat(findings).hasSize(8).allMatch(f -> f.status() == CheckFinding.Status.OK);
    assertThat(findings)
        .filteredOn(f -> f.name().equals("prod/LTC_SECRET_KEY"))
        .singleElement()
        .satisfies(f -> assertThat(f.detail()).endsWith("made 2026-03-01, due 2026-06-01"));
    probe.look("findings", findings);
  }

  @Test
  void anEmptyStoreMissesEverythingAndSaysHowToBringIt() {
    assertThat(check("2026-03-02T00:00:00Z"))
        .hasSize(8)
        .allMatch(f -> f.status() == CheckFinding.Status.FAIL && f.detail().startsWith("missing"))
        .anyMatch(f -> f.detail().contains("secrets put DB_HOST --trim-newline"))
        .anyMatch(f -> f.detail().contains("secrets generate --all"));
  }

  /** The account of the example is no store's; its region is eu-central-1. */
  @Test
  void findsThatTheInventoryNamesAnotherStore() {
    fill();
    assertThat(elsewhere("eu-central-1:210987654321")).isEmpty();
    assertThat(elsewhere("us-east-1:210987654321"))
        .singleElement()
        .asString()
        .startsWith("FAIL secrets.yaml: names another store")
        .contains("environments.prod.aws.region is eu-central-1, and the store is us-east-1");
    for (InventorySecret each : inventory.secrets(inventory.environments().get(0))) {
      store.always(
          FakeStore.Op.DESCRIBE,
          "prod/" + each.name(),
          FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    }
    assertThat(elsewhere("us-east-1:210987654321"))
        .singleElement()
        .asString()
        .startsWith("WARN secrets.yaml: environments.prod.aws.region could not be compared");
  }

  private List<String> elsewhere(String place) {
    store.fact("arn", "arn:aws:secretsmanager:" + place + ":secret:prod/X-AbCdEf");
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("backend", "aws")
            .build()) {
      return new InventoryCheck(new StoreSnapshot(inventory, "", provider), () -> CREATED)
          .findings().stream()
              .filter(f -> f.name().equals("secrets.yaml"))
              .map(f -> f.status() + " " + f.name() + ": " + f.detail())
              .toList();
    }
  }

  @Test
  void warnsBeforeARotationAndFailsAfterIt() {
    fill();
    assertThat(of(check("2026-05-17T12:00:00Z"), CheckFinding.Status.WARN)).isEmpty();
    assertThat(of(check("2026-05-18T12:00:00Z"), CheckFinding.Status.WARN))
        .extracting(CheckFinding::name)
        .containsExactly("prod/LTC_SECRET_KEY", "prod/ADMIN_API_TOKEN");
    // The day is Berlin's: at 22:00 UTC in summer the next one begins.
    assertThat(of(check("2026-06-01T21:59:00Z"), CheckFinding.Status.FAIL)).isEmpty();
    assertThat(of(check("2026-06-01T22:00:00Z"), CheckFinding.Status.FAIL))
        .extracting(CheckFinding::name)
        .containsExactly("prod/LTC_SECRET_KEY", "prod/ADMIN_API_TOKEN");
    assertThat(of(check("2026-09-02T00:00:00Z"), CheckFinding.Status.FAIL))
        .extracting(CheckFinding::name)
        .contains("prod/DB_ADMIN_PW");
  }

  /** Where the environment has no prefix, the store lists what AWS services made beside it. */
  @Test
  void secretThatAnAwsServiceManagesIsNoStranger() {
    fill();
    Inventory inRoot =
        Inventory.parse(
            InventoryText.example().replaceFirst("(?m)^ *prefix: prod/\\R", ""), "example");
    store.holding("rds!db-1", "made by rds");
    for (String backend : List.of("aws", "vault")) {
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(store.secondClient())
              .set("backend", backend)
              .environment(Map.of())
              .build()) {
        assertThat(
                new InventoryCheck(
                        new StoreSnapshot(inRoot, inRoot.environments().get(0).name(), provider),
                        () -> CREATED)
                    .findings())
            .filteredOn(finding -> finding.name().equals("rds!db-1"))
            .extracting(f -> f.status() + ": " + f.detail())
            .containsExactly(
                backend.equals("aws")
                    ? "OK: in the store, and an AWS service manages it"
                    : "FAIL: in the store, and the inventory does not know it");
      }
    }
  }

  @Test
  void findsWhatIsInvalidForeignOrOutOfStep(LeakProbe probe) {
    fill();
    String stranger = probe.canary("stranger");
    store
        .holding("prod/OLD_TOKEN", stranger)
        .holding("elsewhere/X", stranger)
        .holding("prod/DB_PORT", probe.canary("port"))
        .holding("prod/DB_NAME", "renamed")
        .holding("prod/LTC_SECRET_KEY", "short");
    List<CheckFinding> findings = check("2026-03-02T00:00:00Z");
    probe.look("findings", findings);
    assertThat(of(findings, CheckFinding.Status.FAIL))
        .extracting(f -> f.name() + ": " + f.detail())
        .containsExactlyInAnyOrder(
            "prod/DB_PORT: not valid: expected: matches /[0-9]{1,5}/",
            "prod/LTC_SECRET_KEY: not valid: expected: at least 32 bytes",
            "prod/DATABASE_URL: does not agree with its parts; 'secrets generate DATABASE_URL"
                + " --force' recreates it",
            "prod/OLD_TOKEN: in the store, and the inventory does not know it");
    assertThat(of(findings, CheckFinding.Status.WARN))
        .extracting(CheckFinding::name)
        .containsExactly("prod/LTC_SECRET_KEY");
  }

  @Test
  void findsAValueInTheInventory(LeakProbe probe) {
    fill();
    String key = store.secondClient().fetch("prod/LTC_SECRET_KEY").value().asString();
    probe.watch("key", key);
    inventory = Inventory.parse(InventoryText.example() + "# " + key + "\n", "leaky");
    List<CheckFinding> findings = check("2026-03-02T00:00:00Z");
    probe.look("findings", findings);
    assertThat(of(findings, CheckFinding.Status.FAIL))
        .singleElement()
        .satisfies(f -> assertThat(f.detail()).contains("is in the inventory"));
  }

  @Test
  void warnsOfABroughtValueInTheInventory(LeakProbe probe) {
    fill();
    String brought = probe.canary("brought");
    store.holding("prod/DB_USERNAME", brought);
    inventory = Inventory.parse(InventoryText.example() + "# ltc " + brought + "\n", "leaky");
    List<CheckFinding> findings = check("2026-03-02T00:00:00Z");
    probe.look("findings", findings);
    assertThat(of(findings, CheckFinding.Status.WARN))
        .singleElement()
        .isEqualTo(
            new CheckFinding(
                CheckFinding.Status.WARN,
                "prod/DB_USERNAME",
                "its value is in the inventory; if it is secret, rotate it, then remove it"
                    + " there"));
  }

  @Test
  void oneMissingRightHidesNothingElse() {
    fill();
    store
        .always(
            FakeStore.Op.FETCH, "prod/DB_HOST", FakeStep.fail(SecretException.Kind.ACCESS_DENIED))
        .always(FakeStore.Op.LIST, "prod/", FakeStep.fail(SecretException.Kind.ACCESS_DENIED))
        .always(
            FakeStore.Op.VERSIONS, "prod/DB_ADMIN_PW", FakeStep.fail(SecretException.Kind.TIMEOUT));
    List<CheckFinding> findings = check("2026-03-02T00:00:00Z");
    assertThat(of(findings, CheckFinding.Status.FAIL))
        .extracting(f -> f.name() + ": " + f.detail())
        .containsExactlyInAnyOrder(
            "prod/DB_HOST: cannot be read: access denied",
            "prod/DATABASE_URL: cannot be compared with its parts: access denied",
            "prod/*: what else is there cannot be listed: access denied");
    assertThat(of(findings, CheckFinding.Status.WARN))
        .extracting(CheckFinding::detail)
        .containsExactly("version unknown (timeout), so its due date is unknown");
  }

  @Test
  void aBackendWithoutVersionsOrListsIsWarnedOf() {
    fill();
    FakeStore plain = FakeStore.with(new Capability[0]);
    for (String name : inventory.names()) {
      plain.holding("prod/" + name, store.secondClient().fetch("prod/" + name).value().asString());
    }
    List<CheckFinding> findings = check(plain, Map.of(), "2026-03-02T00:00:00Z");
    assertThat(of(findings, CheckFinding.Status.FAIL)).isEmpty();
    assertThat(of(findings, CheckFinding.Status.WARN))
        .hasSize(4)
        .anyMatch(f -> f.name().equals("prod/*"));
  }

  @Test
  void anOverrideIsNotTakenForTheStore() {
    fill();
    assertThat(
            of(
                check(store, Map.of("LTC_SECRET_KEY_LOCAL", "x"), "2026-03-02T00:00:00Z"),
                CheckFinding.Status.FAIL))
        .extracting(CheckFinding::detail)
        .containsExactly("a local override hides it");
  }

  @Test
  void namesTheValuesOfTheExample() {
    try (SecretProvider provider =
        SecretProvider.builder().store(store.secondClient()).set("backend", "aws").build()) {
      InventoryCheck check =
          new InventoryCheck(new StoreSnapshot(inventory, "", provider), () -> CREATED);
      assertThat(check.placeholders().orElseThrow().detail())
          .endsWith(": contact, prod.aws.account, prod.aws.kms-key, audit.principals, hooks");
      Inventory own =
          Inventory.parse(
              InventoryText.example()
                  .replace(".example", ".test")
                  .replace("123456789012", "210987654321")
                  .replace("00000000-0000-0000-0000-000000000000", "0f0e0d0c-0000-4000-8000-01"),
              "secrets.yaml");
      assertThat(
              new InventoryCheck(new StoreSnapshot(own, "", provider), () -> CREATED)
                  .placeholders())
          .isEmpty();
    }
  }
}
