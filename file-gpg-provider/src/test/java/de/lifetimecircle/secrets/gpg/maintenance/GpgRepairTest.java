package de.lifetimecircle.secrets.gpg.maintenance;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A store whose index is lost, damaged or older is rebuilt from what is signed. */
class GpgRepairTest extends GpgHeldSecrets {
  private static final String INDEX = ".fgp/index.pgp";
  private static final String MANIFEST_A = ".fgp/versions/a~/MANIFEST.pgp";

  private static StoreReport repair(GpgStore store) {
    return store.repair(plan(store));
  }

  private static StoreReport plan(GpgStore store) {
    return store.planRepair().orElseThrow();
  }

  private static void assertFound(StoreReport report, Level level, String subject, String text) {
    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.level()).isEqualTo(level);
              assertThat(finding.subject()).contains(subject);
              assertThat(finding.text()).contains(text);
            });
  }

  /** All is there and may be written, for this process and for a new one. */
  private void assertWhole(String a) {
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo(a);
      assertThat(get(reopened, "b")).isEqualTo("b-one");
      assertThat(reopened.list("")).containsExactly("a", "b");
      put(reopened, "b", "b-two");
      put(reopened, "b", "b-one");
      assertThat(reopened.verify().findings()).allMatch(f -> f.level() == Level.NOTE);
      assertThat(reopened.planRepair()).isEmpty();
    }
    assertThat(get(store, "b")).isEqualTo("b-one");
  }

  private String bucketOf(String name) {
    String prefix = ".fgp/index/" + StoreLayout.bucketOf(name) + "-";
    return on.files().stream()
        .filter(f -> f.startsWith(prefix))
        .max(java.util.Comparator.comparingLong(StoreLayout::generationOf))
        .orElseThrow();
  }

  private Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    on.files().forEach(file -> content.put(file, Sha256.hex(on.bytes(file))));
    content.remove(".fgp/lock");
    return content;
  }

  @Test
  void lostIndexIsRebuiltFromTheManifests() {
    assertThat(get(store, "a")).isEqualTo("a-two");
    on.delete(INDEX);
    assertFailsAnew(Kind.CORRUPT, "secrets store repair", "a");
    try (GpgStore reopened = on.open()) {
      Map<String, String> before = content();
      StoreReport plan = plan(reopened);
      assertThat(content()).as("a plan changes nothing").isEqualTo(before);
      assertThat(plan.facts()).containsEntry("secrets", "2").containsEntry("lost", "0");
      assertFound(plan, Level.DAMAGED, INDEX, "is gone");
      assertFound(plan, Level.UNPROVED, INDEX, "deleted or purged");
      assertThat(plan.findings()).hasSize(2);
      assertThat(reopened.repair(plan)).isEqualTo(plan);
      assertThat(on.files()).containsAll(before.keySet());
    }
    assertWhole("a-two");
    assertThat(store.versions("a")).hasSize(2);
  }

  @Test
  void damagedIndexIsKeptAside() {
    byte[] damaged = on.bytes(INDEX);
    damaged[damaged.length / 2] ^= 1;
    on.write(INDEX, damaged);
    assertFailsAnew(Kind.CORRUPT, INDEX, "a");
    try (GpgStore reopened = on.open()) {
      assertThat(reopened.verify().has(Level.DAMAGED)).isTrue();
      repair(reopened);
    }
    assertThat(on.files())
        .filteredOn(file -> file.startsWith(".fgp/aside/index.pgp."))
        .singleElement()
        .satisfies(file -> assertThat(on.bytes(file)).isEqualTo(damaged));
    assertWhole("a-two");
  }

  @Test
  void lostPartOfTheIndexLeavesTheRestProved() {
    on.delete(bucketOf("a"));
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.DAMAGED, ".fgp/index/", "is gone");
      assertThat(plan.findings()).noneMatch(finding -> finding.subject().equals("b"));
      reopened.repair(plan);
    }
    assertWhole("a-two");
  }

  /** The plan names the place of what is left, and no place where nothing is. */
  @Test
  void secretWithoutItsVersionsIsReadFromTheFileThatIsMovedAside() {
    byte[] current = on.bytes("a.gpg");
    TestStore.erase(on.file(".fgp/versions/a~"));
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertThat(plan.facts()).containsEntry("lost", "1");
      assertFound(plan, Level.DAMAGED, "a", "that is moved to .fgp/aside/versions/a~ with gpg -d");
      reopened.repair(plan);
    }
    assertThat(on.files())
        .filteredOn(file -> file.startsWith(".fgp/aside/versions/a~/"))
        .singleElement()
        .satisfies(file -> assertThat(on.bytes(file)).isEqualTo(current));
  }

  @Test
  void purgedAndDeletedSecretsStaySo() {
    put(store, "gone", "one");
    store.delete("gone");
    store.purge("gone");
    put(store, "deleted", "one");
    store.delete("deleted");
    on.delete(INDEX);
    try (GpgStore reopened = on.open()) {
      assertThat(repair(reopened).facts()).containsEntry("deleted", "1");
      assertFails(Kind.NOT_FOUND, "no such secret", () -> reopened.fetch("gone"));
      assertFails(Kind.PENDING_DELETION, "deleted", () -> reopened.fetch("deleted"));
      // Its numbers go on, because what is left of the index knows them.
      assertThat(put(reopened, "gone", "two")).isEqualTo("2");
    }
  }

  @Test
  void unsignedHintDoesNotPurgeASignedSecret() {
    java.util.SortedMap<String, IndexEntry> planted = new TreeMap<>();
    planted.put("a", new IndexEntry("", SecretManifest.State.PURGED, 99, 99));
    String bucket = StoreLayout.bucket(StoreLayout.bucketOf("a"), 900);
    on.delete(INDEX);
    on.write(bucket, IndexEntry.toBytes(planted));
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.UNPROVED, "a", "which nothing proves");
      reopened.repair(plan);
      assertThat(get(reopened, "a")).isEqualTo("a-two");
    }
  }

  @Test
  void olderPartOfTheIndexHelpsWhereTheNewestIsDamaged() {
    put(store, "gone", "one");
    store.delete("gone");
    store.purge("gone");
    on.write(
        StoreLayout.bucket(StoreLayout.bucketOf("gone"), 900), new byte[] {'n', 'o', 'n', 'e'});
    on.delete(INDEX);
    try (GpgStore reopened = on.open()) {
      repair(reopened);
      assertThat(put(reopened, "gone", "two")).isEqualTo("2");
    }
  }

  @Test
  void lostPartIsNotSaidToBeTheSignedIndex() {
    String prefix = ".fgp/index/" + StoreLayout.bucketOf("a") + "-";
    on.files().stream().filter(file -> file.startsWith(prefix)).forEach(on::delete);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.UNPROVED, "a", "what is left of the index does not list it");
      reopened.repair(plan);
    }
    assertWhole("a-two");
  }

  @Test
  void secretWithoutAManifestIsToldAsLostAndItsVersionsStay() {
    on.delete(MANIFEST_A);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertThat(plan.facts()).containsEntry("lost", "1");
      assertFound(plan, Level.DAMAGED, "a", "gpg -d");
      reopened.repair(plan);
      assertThat(reopened.list("")).containsExactly("b");
      assertThat(on.files())
          .contains(".fgp/versions/a~/00000002.pgp")
          .anyMatch(file -> file.startsWith(".fgp/aside/versions/a~/NAME.gpg."));
      assertThat(put(reopened, "a", "a-three")).isEqualTo("3");
    }
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-three");
    }
  }

  @Test
  void secretThatNothingKnowsIsStoredAgainAfterTheRepair() {
    on.files().stream().filter(file -> file.startsWith(".fgp/index")).forEach(on::delete);
    on.delete(MANIFEST_A);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.UNPROVED, "a.gpg", "moved aside");
      reopened.repair(plan);
      put(reopened, "a", "a-three");
    }
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-three");
    }
  }

  @Test
  void lostVersionIsToBeRestoredFromABackup() {
    byte[] version = on.bytes(".fgp/versions/a~/00000002.pgp");
    on.delete(".fgp/versions/a~/00000002.pgp");
    on.delete("a.gpg");
    on.delete(INDEX);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.DAMAGED, "a", "Restore .fgp/versions/a~/00000002.pgp from a backup");
      reopened.repair(plan);
      on.write(".fgp/versions/a~/00000002.pgp", version);
    }
    assertWhole("a-two");
  }

  @Test
  void ownKeyStaysARecipientWhereItsCertificateIsLostToo() {
    String certificate = ".fgp/certs/" + fingerprint() + ".asc";
    on.delete(INDEX);
    on.delete(certificate);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.DAMAGED, certificate, "written again from our key");
      reopened.repair(plan);
      assertThat(reopened.recipients()).hasSize(1);
      assertThat(on.files()).contains(certificate);
    }
    assertWhole("a-two");
  }

  @Test
  void damagedCertificateOfOurOwnKeyIsKeptAside() {
    String certificate = ".fgp/certs/" + fingerprint() + ".asc";
    on.delete(INDEX);
    on.write(certificate, new byte[] {1, 2, 3});
    try (GpgStore reopened = on.open()) {
      repair(reopened);
    }
    assertThat(on.files())
        .anyMatch(file -> file.startsWith(".fgp/aside/certs/" + fingerprint() + ".asc."));
    assertWhole("a-two");
  }

  @Test
  void olderManifestIsToldBeforeItIsTaken() {
    byte[] older = on.bytes(MANIFEST_A);
    put(store, "a", "a-three");
    on.write(MANIFEST_A, older);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.UNPROVED, "a", "older than the signed index says (change 2 of 3)");
      reopened.repair(plan);
      assertThat(get(reopened, "a")).isEqualTo("a-two");
      // The newest value is known to no manifest; nothing has deleted it.
      assertThat(on.files())
          .contains(".fgp/versions/a~/00000003.pgp")
          .anyMatch(file -> file.startsWith(".fgp/aside/versions/a~/NAME.gpg."));
      assertFound(reopened.verify(), Level.UNPROVED, "00000003.pgp", "no signed manifest");
    }
  }

  @Test
  void damagedManifestIsMovedAside() {
    byte[] manifest = on.bytes(MANIFEST_A);
    manifest[manifest.length / 2] ^= 1;
    on.write(MANIFEST_A, manifest);
    try (GpgStore reopened = on.open()) {
      repair(reopened);
      assertThat(get(reopened, "b")).isEqualTo("b-one");
      assertThat(put(reopened, "c", "one")).isEqualTo("1");
    }
    assertThat(on.files())
        .anyMatch(file -> file.startsWith(".fgp/aside/versions/a~/MANIFEST.pgp."));
  }

  @Test
  void removedRecipientDoesNotComeBackWithAnOlderList() throws Exception {
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null)) {
      store.addRecipient(second.certificate().armored());
      byte[] ids = on.bytes(".gpg-id");
      byte[] signature = on.bytes(".gpg-id.sig");
      store.removeRecipient(second.certificate().fingerprint());
      on.write(".gpg-id", ids);
      on.write(".gpg-id.sig", signature);
      on.delete(INDEX);
      try (GpgStore reopened = on.open()) {
        StoreReport plan = plan(reopened);
        assertFound(
            plan, Level.UNPROVED, ".gpg-id", second.certificate().fingerprint() + " is left out");
        reopened.repair(plan);
        assertThat(reopened.recipients()).containsExactly(fingerprint());
        put(reopened, "a", "a-three");
        assertThat(on.bytes(".gpg-id")).isNotEqualTo(ids);
      }
    }
  }

  @Test
  void recipientsOfALostIndexStay() throws Exception {
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null)) {
      store.addRecipient(second.certificate().armored());
      List<String> recipients = store.recipients();
      on.delete(INDEX);
      try (GpgStore reopened = on.open()) {
        repair(reopened);
        assertThat(reopened.recipients()).isEqualTo(recipients);
        assertThat(reopened.check()).containsEntry("encrypted for all recipients", "yes");
      }
    }
  }

  @Test
  void olderStateIsTakenOnPurposeWithoutGivingUpTheMark() {
    on.with("high-water-file", home.resolve("mark").toString());
    on.copyTo(home.resolve("before"));
    try (GpgStore marked = on.open()) {
      put(marked, "a", "a-three");
      assertThat(get(marked, "a")).isEqualTo("a-three");
      on.restoreFrom(home.resolve("before"));
      assertFails(Kind.CORRUPT, "secrets store repair", () -> marked.fetch("a"));
    }
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.CORRUPT, "older", () -> reopened.fetch("a"));
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.UNPROVED, INDEX, "older than the high-water mark (generation ");
      reopened.repair(plan);
    }
    on.copyTo(home.resolve("repaired"));
    assertWhole("a-two");
    on.restoreFrom(home.resolve("repaired"));
    assertFailsAnew(Kind.CORRUPT, "older", "a");
  }

  @Test
  void planThatIsNoLongerTrueIsNotCarriedOut() {
    on.delete(MANIFEST_A);
    StoreReport plan = plan(store);
    on.delete(".fgp/versions/b~/MANIFEST.pgp");
    Map<String, String> before = content();
    assertFails(Kind.CONFLICT, "changed since", () -> store.repair(plan));
    assertThat(content()).isEqualTo(before);
  }

  /** The same words, and another manifest that was put there after the plan was shown. */
  @Test
  void planOfOtherManifestsIsNotCarriedOut() {
    List<String> changed =
        List.of(".fgp/versions/b~/MANIFEST.pgp", ".fgp/versions/b~/00000002.pgp", "b.gpg");
    on.copyTo(home.resolve("before"));
    put(store, "b", "b-shown");
    Map<String, byte[]> shown = new TreeMap<>();
    changed.forEach(file -> shown.put(file, on.bytes(file)));
    on.restoreFrom(home.resolve("before"));
    try (GpgStore reopened = on.open()) {
      put(reopened, "b", "b-other");
    }
    on.files().stream().filter(file -> file.startsWith(".fgp/index")).forEach(on::delete);
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      shown.forEach(on::write);
      assertThat(plan(reopened).findings()).isEqualTo(plan.findings());
      assertFails(Kind.CONFLICT, "changed since", () -> reopened.repair(plan));
    }
  }

  @Test
  void oddFilesAreNoReasonToGiveUpTheRest() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    java.nio.file.Files.move(on.file(MANIFEST_A), elsewhere);
    java.nio.file.Files.createSymbolicLink(on.file(MANIFEST_A), elsewhere);
    on.delete(bucketOf("b"));
    try (GpgStore reopened = on.open()) {
      StoreReport plan = plan(reopened);
      assertFound(plan, Level.DAMAGED, MANIFEST_A, "is a symbolic link; it stays");
      reopened.repair(plan);
      assertThat(get(reopened, "b")).isEqualTo("b-one");
    }
    on.delete(MANIFEST_A);
    java.nio.file.Files.move(elsewhere, on.file(MANIFEST_A));
    assertWhole("a-two");
  }

  @Test
  void linkInPlaceOfTheIndexIsMovedAside() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    java.nio.file.Files.move(on.file(INDEX), elsewhere);
    java.nio.file.Files.createSymbolicLink(on.file(INDEX), elsewhere);
    byte[] before = java.nio.file.Files.readAllBytes(elsewhere);
    try (GpgStore reopened = on.open()) {
      assertFound(repair(reopened), Level.DAMAGED, INDEX, "is a symbolic link");
    }
    assertThat(java.nio.file.Files.readAllBytes(elsewhere)).isEqualTo(before);
    assertWhole("a-two");
  }

  @Test
  void twoRepairsAtOnceMakeOne() throws Exception {
    on.delete(INDEX);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tasks.add(
          () -> {
            try (GpgStore reopened = on.open()) {
              return reopened.planRepair().map(reopened::repair).isPresent();
            } catch (de.lifetimecircle.secrets.SecretException e) {
              assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
              return false;
            }
          });
    }
    int done = 0;
    for (Future<Boolean> result : threads.invokeAll(tasks)) {
      done += result.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(done).isEqualTo(1);
    assertWhole("a-two");
  }

  /** A crash: no handler of the code under test may do anything after it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void repairCutOffAtAnyStepCanBeDoneAgainAndLosesNothing() {
    on.delete(INDEX);
    on.delete(".gpg-id");
    Path base = home.resolve("base");
    on.copyTo(base);
    boolean done = false;
    int steps = 0;
    for (; !done; steps++) {
      on.restoreFrom(base);
      Map<String, String> before = content();
      int allowed = steps;
      int[] step = {0};
      try (GpgStore cut =
          on.open(
              (what, file) -> {
                if (step[0]++ >= allowed) {
                  throw new Crash();
                }
              })) {
        repair(cut);
        done = true;
      } catch (Crash e) {
        assertThat(content().values()).as("step " + steps).containsAll(before.values());
      }
      try (GpgStore reopened = on.open()) {
        reopened.planRepair().ifPresent(reopened::repair);
        assertThat(text(reopened.fetchVersion("a", "1"))).isEqualTo("a-one");
        put(reopened, "c", "one");
      }
      try (GpgStore reopened = on.open()) {
        assertThat(get(reopened, "a")).isEqualTo("a-two");
        assertThat(reopened.verify().findings()).allMatch(f -> f.level() == Level.NOTE);
      }
      assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
    }
    assertThat(steps).isGreaterThan(15);
    System.out.println("repair: cut off before each of " + (steps - 1) + " steps, 0 lost");
  }
}
