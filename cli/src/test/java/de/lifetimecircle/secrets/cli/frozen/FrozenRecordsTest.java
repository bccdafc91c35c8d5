package de.lifetimecircle.secrets.cli.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.moving.MigrationPlan;
import de.lifetimecircle.secrets.operations.moving.StoreMigration;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.operations.status.Checklist;
import de.lifetimecircle.secrets.operations.status.ChecklistPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journals, logs and records that users keep: later versions must read those of today. */
class FrozenRecordsTest {
  @TempDir(factory = FolderInMemory.class)
  Path folder;

  private FrozenService service(String backend) {
    FrozenService service = new FrozenService(folder, backend).hooks().fill();
    service.now = FrozenService.NOW;
    return service;
  }

  /** What a hook gets is a protocol too. */
  private static final String HOOK =
      """
      { env | grep ^ROTATION_ | sort; cat; } > "hook-$ROTATION_SECRET-$ROTATION_STEP"
      [ "$ROTATION_SECRET $ROTATION_STEP" != "ADMIN_API_TOKEN verify" ]
      """;

  /** One rotation in its grace, one that stopped behind its new value, one before it. */
  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure"})
  void rotations(String backend) {
    FrozenTexts texts =
        new FrozenTexts("rotation-records-" + backend)
            .placeholder(Pattern.compile("(ROTATION_HOOK=)[0-9a-f-]{36}"), "$1@uuid@");
    FrozenService service = service(backend);
    service
        .inventory(
            FrozenService.example().replace("[./hooks/postgresql]", "[sh, ./tools/database.sh]"))
        .write("tools/deploy_prod.sh", HOOK)
        .write("tools/verify.sh", HOOK)
        .write("tools/database.sh", HOOK + "echo 'no database here'; exit 4\n");
    try (SecretWriter writer = service.writer()) {
      Rotations rotations =
          Rotations.of(service.site().inventory(), "", writer)
              .journal(folder.resolve(Rotations.FOLDER))
              .hookFolder(folder)
              .who("Anna")
              .clock(() -> service.now)
              .random(new SplittableRandom(42))
              .build();
      rotations.rotate("LTC_SECRET_KEY", Duration.ofHours(24));
      for (String name : List.of("ADMIN_API_TOKEN", "DB_ADMIN_PW")) {
        service.now = service.now.plusSeconds(60);
        assertThat(catchThrowable(() -> rotations.rotate(name)))
            .isInstanceOf(RotationStopped.class);
      }
    }
    addRecords(texts, service);
    texts.check();
  }

  private void addRecords(FrozenTexts texts, FrozenService service) {
    Path journals = folder.resolve(Rotations.FOLDER);
    texts.add("rotation-log.jsonl", service.read(journals.resolve("rotation-log.jsonl")));
    for (String name : List.of("LTC_SECRET_KEY", "ADMIN_API_TOKEN", "DB_ADMIN_PW")) {
      String file = "prod." + name + ".rotation.json";
      texts.add(file, service.read(journals.resolve(file)));
    }
    for (String name : service.names()) {
      if (name.contains("pending")) {
        String value = "(\"value\":\")[A-Za-z0-9+/=]+";
        texts.add("in the store: " + name, service.held(name).replaceAll(value, "$1@base64@"));
      }
    }
    for (String hook : List.of("LTC_SECRET_KEY-deploy", "DB_ADMIN_PW-apply")) {
      String given = service.read(folder.resolve("hook-" + hook));
      texts.add("given to the hook " + hook, hidden(given));
    }
  }

  /** Hides the values, which only hooks get that work in the opened system. */
  private static String hidden(String given) {
    String old = FrozenTexts.CANARY + "(?:[0-9a-f]{24})?";
    return given.replaceAll(old, "@old@").replaceAll("\\b[0-9a-f]{32}\\b", "@new@");
  }

  /** The claims have digests of the documents that they are about. */
  @Test
  void claims() {
    FrozenTexts texts = new FrozenTexts("claims");
    FrozenService service = service("vault");
    InventoryLocation site = service.site();
    try (SecretProvider provider = service.provider()) {
      Checklist checklist =
          new Checklist(site, StoreSnapshot.of(site, provider), () -> service.now, Language.GERMAN);
      for (ChecklistPoint point : ChecklistPoint.values()) {
        if (point.claimable()) {
          checklist.claim(point, "Anna");
        }
      }
      Handover.record(
          site, StoreSnapshot.of(site, provider), Handover.To.SRE, "Bert", () -> service.now);
    }
    texts.add("claims", service.read(site.path(InventoryLocation.ProjectFile.RECORDS)));
    texts.check();
  }

  @Test
  void migration() {
    FrozenTexts texts = new FrozenTexts("migration-journal");
    FrozenService from = service("vault");
    FrozenService to = new FrozenService(folder.resolve("to"), "gpg");
    Path journal = folder.resolve("journal");
    try (SecretProvider source = from.provider();
        SecretWriter target = to.writer();
        StoreMigration migration =
            new StoreMigration(
                source,
                target,
                journal,
                new SplittableRandom(42),
                () -> FrozenService.NOW,
                entry -> {})) {
      List<String> names = List.of("prod/DB_ADMIN_PW", "prod/DATABASE_URL");
      MigrationPlan plan = migration.plan(names, StoreMigration.Existing.REFUSE);
      migration.begin(plan);
      migration.copy();
      migration.verify();
    }
    texts.add("journal", from.read(journal));
    texts.check();
  }
}
