package de.lifetimecircle.secrets.gpg.session;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.store.FastTempDir;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import de.lifetimecircle.secrets.spi.StoreReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of the recipients of a store in which something is damaged or has expired. */
class GpgRecipientChangeTest {
  private static final String RETIRED = ".fgp/versions/a~/00000001.pgp";
  private static final Duration LATER = Duration.ofDays(3);

  private static GpgHome gpg;
  private static Instant start;
  private static String expiring;
  private static byte[] expiringCertificate;
  private static String second;
  private static byte[] secondCertificate;

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private Instant now;
  private TestStore on;

  @BeforeAll
  static void generate() {
    gpg = new GpgHome();
    start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    expiring = gpg.generateCurve("expiring@example.org", "");
    gpg.setExpiry(expiring, "2d", start.plusSeconds(5));
    expiringCertificate = gpg.exportPublic(expiring);
    second = gpg.generateCurve("second@example.org", "");
    secondCertificate = gpg.exportPublic(second);
  }

  @AfterAll
  static void close() {
    gpg.close();
  }

  @BeforeEach
  void makeStore() {
    now = start.plusSeconds(60);
    on = new TestStore(home);
    on.clock = () -> now;
    try (GpgStore store = on.open()) {
      put(store, "a", "a-one");
      put(store, "a", "a-two");
      put(store, "a", "a-three");
      put(store, "b", "b-one");
      put(store, "c", "c-one");
      store.delete("c");
    }
  }

  private void damage(String file) {
    byte[] bytes = on.bytes(file);
    bytes[bytes.length / 2] ^= 1;
    on.write(file, bytes);
  }

  private Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>();
    on.files().forEach(file -> hashes.put(file, Sha256.hex(on.bytes(file))));
    return hashes;
  }

  private static void assertReadable(String file, GpgHome by) {
    by.gpg(new byte[0], "-d", file).orFail();
  }

  @Test
  void damagedOldVersionStopsNoChange() {
    byte[] sound = on.bytes(RETIRED);
    damage(RETIRED);
    try (GpgStore store = on.open()) {
      store.addRecipient(secondCertificate);
      assertReadable(on.file("a.gpg").toString(), gpg);
      assertThat(store.recipientFindings())
          .singleElement()
          .asString()
          .contains("'a'", "version 1", RETIRED);
      assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
      put(store, "a", "a-four");
      put(store, "b", "b-two");
      store.delete("b");
      store.purge("c");
      store.removeRecipient(second);
      assertThat(store.recipientFindings()).hasSize(1);
      assertThat(get(store, "a")).isEqualTo("a-four");
      assertThat(text(store.fetchVersion("a", "2"))).isEqualTo("a-two");
      assertFails(Kind.CORRUPT, RETIRED, () -> store.fetchVersion("a", "1"));
      on.write(RETIRED, sound);
      assertThat(store.recipientFindings())
          .singleElement()
          .asString()
          .contains("encrypted to earlier recipients");
      String own = store.recipients().get(0);
      store.addRecipient(on.bytes(".fgp/certs/" + own + ".asc"));
      assertThat(store.recipientFindings()).isEmpty();
      assertThat(text(store.fetchVersion("a", "1"))).isEqualTo("a-one");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gpg", ".fgp/versions/b~/MANIFEST.pgp"})
  void whatIsServedIsCheckedBeforeAnythingChanges(String file) {
    damage(file);
    if (file.equals("a.gpg")) {
      damage(".fgp/versions/a~/00000003.pgp");
    }
    Map<String, String> before = hashes();
    try (GpgStore store = on.open()) {
      assertFails(
          Kind.CORRUPT, "so nothing was changed", () -> store.addRecipient(secondCertificate));
      assertFails(Kind.CORRUPT, file, () -> store.addRecipient(secondCertificate));
      assertThat(hashes()).isEqualTo(before);
      assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
      put(store, "new", "written all the same");
      store.purge("c");
    }
  }

  @Test
  void expiredRecipientIsNamedBeforeAnotherIsAddedAndCanBeRemoved() {
    try (GpgStore store = on.open()) {
      store.addRecipient(expiringCertificate);
      now = start.plus(LATER);
      Map<String, String> before = hashes();
      assertFails(
          Kind.DISABLED,
          "secrets recipients remove " + expiring,
          () -> store.addRecipient(secondCertificate));
      assertFails(Kind.DISABLED, "has expired", () -> put(store, "a", "x"));
      assertThat(hashes()).isEqualTo(before);
      store.removeRecipient(expiring);
      store.addRecipient(secondCertificate);
      put(store, "a", "a-four");
      assertThat(store.recipients()).hasSize(2).contains(second);
      assertThat(store.recipientFindings()).isEmpty();
    }
    assertReadable(on.file("a.gpg").toString(), gpg);
  }

  private List<String> encryptedFiles() {
    return on.files().stream().filter(file -> file.matches("\\w+\\.gpg|.*/0[^/]*\\.pgp")).toList();
  }

  /** Asserts that a former recipient cannot read any file of the store. */
  private void assertShutOut(PgpIdentity former) {
    for (String file : encryptedFiles()) {
      byte[] kept = on.bytes(file);
      assertThatThrownBy(() -> PgpCodec.decrypt(kept, former))
          .as(file)
          .isInstanceOf(PgpFailure.class);
    }
  }

  /**
   * The file is damaged after the check has found it readable. The names have different places in
   * the pass, so healthy names come before and after the failing one.
   */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "d", "e", "f"})
  void fileDamagedDuringARemovalKeepsTheChangeUnsettled(String name) throws Exception {
    try (PgpIdentity former = PgpIdentity.fromKeyFile(gpg.exportSecret(second, ""), null);
        GpgStore store = on.open()) {
      List.of("d", "e", "f").forEach(each -> put(store, each, each + "-one"));
      store.addRecipient(secondCertificate);
      Map<String, byte[]> sound = new TreeMap<>();
      encryptedFiles().stream()
          .filter(file -> file.equals(name + ".gpg") || file.contains("/" + name + "~/"))
          .forEach(file -> sound.put(file, on.bytes(file)));
      store.removeRecipient(
          second,
          new RecipientProgress() {
            @Override
            public void checked(long done, long total) {
              if (done == total) {
                sound.keySet().forEach(file -> damage(file));
              }
            }

            @Override
            public void encrypted(long done, long total) {}
          });
      assertThat(store.check()).containsEntry("encrypted for all recipients", "not yet");
      assertThat(store.recipientFindings()).isNotEmpty();
      sound.forEach(on::write);
      assertThat(PgpCodec.decrypt(on.bytes(name + ".gpg"), former)).isNotEmpty();
      put(store, "other", "whose writer resumes the change");
      assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
      assertShutOut(former);
    }
  }

  /** The index is lost before the removal has encrypted every version again. */
  @Test
  void recipientWhoseRemovalWasCutOffDoesNotComeBackWithARepair() throws Exception {
    int leftOut = 0;
    try (PgpIdentity former = PgpIdentity.fromKeyFile(gpg.exportSecret(second, ""), null)) {
      try (GpgStore store = on.open()) {
        store.addRecipient(secondCertificate);
      }
      Path base = home.resolve("base");
      on.copyTo(base);
      for (int step = 0; cutOff(step, store -> store.removeRecipient(second)); step++) {
        boolean removed =
            !new String(on.bytes(".gpg-id"), StandardCharsets.US_ASCII).contains(second);
        on.delete(".fgp/index.pgp");
        try (GpgStore store = on.open()) {
          StoreReport plan = store.planRepair().orElseThrow();
          store.repair(plan);
          if (removed) {
            leftOut += plan.findings().toString().contains(second + " is left out") ? 1 : 0;
            assertThat(store.recipients()).as("step " + step).doesNotContain(second).hasSize(1);
            put(store, "b", "b-two");
            assertShutOut(former);
          }
        }
        on.restoreFrom(base);
      }
    }
    assertThat(leftOut).as("cut off before a version had been encrypted again").isPositive();
  }

  /** A crash: no handler of the code under test may do anything after it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static CrashHook crashAt(int allowed) {
    int[] done = {0};
    return (step, file) -> {
      if (done[0]++ >= allowed) {
        throw new Crash();
      }
    };
  }

  private interface Change {
    void on(GpgStore store);
  }

  private boolean cutOff(int step, Change change) {
    try (GpgStore store = on.open(crashAt(step))) {
      change.on(store);
      return false;
    } catch (Crash e) {
      return true;
    }
  }

  @Test
  void crashAtEveryStepOfAChangeWithADamagedVersion() {
    damage(RETIRED);
    Path base = home.resolve("base");
    on.copyTo(base);
    int step = 0;
    while (cutOff(step, store -> store.addRecipient(secondCertificate))) {
      try (GpgStore store = on.open()) {
        assertThat(get(store, "a")).isEqualTo("a-three");
        assertThat(get(store, "b")).isEqualTo("b-one");
        store.delete("b");
        store.purge("c");
        put(store, "a", "a-four");
        assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
        if (store.recipients().contains(second)) {
          store.removeRecipient(second);
        }
        assertThat(store.recipientFindings()).as("step " + step).hasSize(1);
        assertThat(text(store.fetchVersion("a", "2"))).isEqualTo("a-two");
      }
      on.restoreFrom(base);
      step++;
    }
    assertThat(step).isGreaterThan(20);
    System.out.println("crash: recipient added beside a damaged version, at " + step + " steps");
  }

  /** The change is cut off, and before anybody goes on with it, a recipient's key expires. */
  @Test
  void recipientThatExpiresAfterACrashCanStillBeRemoved() {
    try (GpgStore store = on.open()) {
      store.addRecipient(expiringCertificate);
    }
    Path base = home.resolve("base");
    on.copyTo(base);
    int step = 0;
    int unsettled = 0;
    while (cutOff(step, store -> store.addRecipient(secondCertificate))) {
      now = start.plus(LATER);
      try (GpgStore store = on.open()) {
        assertThat(get(store, "a")).isEqualTo("a-three");
        if (store.check().containsValue("not yet")) {
          unsettled++;
          assertThat(store.recipientFindings()).isNotEmpty();
        }
        assertFails(Kind.DISABLED, "expired", () -> put(store, "a", "x"));
        store.delete("b");
        store.purge("c");
        store.removeRecipient(expiring);
        put(store, "a", "a-four");
        assertThat(store.recipientFindings()).as("step " + step).isEmpty();
        assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
      }
      now = start.plusSeconds(60);
      on.restoreFrom(base);
      step++;
    }
    assertThat(unsettled).isGreaterThan(10);
    System.out.println("crash: recipient expired in an unsettled change, at " + step + " steps");
  }

  @Test
  void crashAtEveryStepWhileTheExpiredRecipientIsRemoved() {
    try (GpgStore store = on.open()) {
      store.addRecipient(expiringCertificate);
      store.addRecipient(secondCertificate);
    }
    now = start.plus(LATER);
    Path base = home.resolve("base");
    on.copyTo(base);
    int step = 0;
    while (cutOff(step, store -> store.removeRecipient(expiring))) {
      try (GpgStore store = on.open()) {
        try {
          store.removeRecipient(expiring);
        } catch (SecretException e) {
          assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.NOT_FOUND);
        }
        put(store, "b", "b-two");
        assertThat(store.recipients()).hasSize(2).contains(second);
        assertThat(store.recipientFindings()).as("step " + step).isEmpty();
        assertThat(text(store.fetchVersion("a", "1"))).isEqualTo("a-one");
      }
      on.restoreFrom(base);
      step++;
    }
    System.out.println("crash: expired recipient removed, at " + step + " steps");
  }

  @Test
  void crashAtEveryStepWhileACertificateIsRenewed() {
    try (GpgStore store = on.open()) {
      store.addRecipient(expiringCertificate);
    }
    GpgHome theirs = new GpgHome();
    try (theirs) {
      theirs.gpg(gpg.exportSecret(expiring, ""), "--import").orFail();
      theirs.setExpiry(expiring, "2y", start.plusSeconds(30));
      byte[] renewed = theirs.exportPublic(expiring);
      Path base = home.resolve("base");
      on.copyTo(base);
      int step = 0;
      while (cutOff(step, store -> store.addRecipient(renewed))) {
        try (GpgStore store = on.open()) {
          assertThat(get(store, "a")).isEqualTo("a-three");
          store.addRecipient(renewed);
          now = start.plus(LATER);
          put(store, "a", "a-four");
          assertThat(store.recipientFindings()).as("step " + step).isEmpty();
        }
        now = start.plusSeconds(60);
        on.restoreFrom(base);
        step++;
      }
      System.out.println("crash: certificate renewed, at " + step + " steps");
    }
  }
}
