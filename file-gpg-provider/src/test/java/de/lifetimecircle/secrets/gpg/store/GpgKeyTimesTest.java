package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.config.KeySource;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a store whose key the real gpg extends, shortens, lets expire or revokes. */
class GpgKeyTimesTest {
  private static final Duration DAY = Duration.ofDays(1);

  /** Which key signs. */
  private enum Shape {
    CURVE,
    RSA,
    SIGNING_SUBKEY
  }

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Instant now = start.plusSeconds(60);
  private GpgHome gpg;
  private TestStore on;
  private String fingerprint;

  @BeforeEach
  void begin() {
    gpg = new GpgHome();
    on = new TestStore(home);
    on.clock = () -> now;
  }

  @AfterEach
  void end() {
    gpg.close();
  }

  private void generate(Shape shape) throws IOException {
    fingerprint =
        shape == Shape.RSA
            ? gpg.generateRsa("own@example.org", "")
            : gpg.generateCurve("own@example.org", "");
    if (shape == Shape.SIGNING_SUBKEY) {
      // Later than the primary key, so that it is the one that signs.
      gpg.gpgAt(
              GpgHome.nowOrLater(start.plusSeconds(5)),
              "--quick-add-key",
              fingerprint,
              "ed25519",
              "sign")
          .orFail();
    }
    gpg.setExpiry(fingerprint, "2d", start.plusSeconds(10));
    exportKey();
  }

  private void exportKey() throws IOException {
    writeKey("key.pgp", gpg.exportSecret(fingerprint, ""));
  }

  private void writeKey(String name, byte[] content) throws IOException {
    Path file = home.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(file);
      Files.setPosixFilePermissions(file, TestStore.FILE_RIGHTS);
    }
    Files.write(file, content);
  }

  private Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>();
    on.files().forEach(file -> hashes.put(file, Sha256.hex(on.bytes(file))));
    return hashes;
  }

  @ParameterizedTest
  @EnumSource
  void extendedKeyReadsAndWritesOn(Shape shape) throws Exception {
    generate(shape);
    try (GpgStore warm = on.open()) {
      put(warm, "a", "one");
      put(warm, "a", "two");
      gpg.setExpiry(fingerprint, "2y", start.plus(DAY));
      exportKey();
      now = start.plus(DAY).plusSeconds(60);
      try (GpgStore fresh = on.open()) {
        assertThat(get(fresh, "a")).isEqualTo("two");
        assertThat(text(fresh.fetchVersion("a", "1"))).isEqualTo("one");
        assertThat(fresh.check()).containsEntry("can write", "yes");
      }
      now = start.plus(DAY.multipliedBy(3));
      assertThat(get(warm, "a")).isEqualTo("two");
      try (GpgStore fresh = on.open()) {
        assertThat(get(fresh, "a")).isEqualTo("two");
        put(fresh, "a", "three");
      }
      assertThat(get(warm, "a")).as("signed after the expiry that was known").isEqualTo("three");
      put(warm, "a", "four");
    }
    try (GpgStore fresh = on.open()) {
      assertThat(get(fresh, "a")).isEqualTo("four");
    }
    gpg.gpg(new byte[0], "-d", on.file("a.gpg").toString()).orFail();
  }

  @Test
  void warmStoreWritesAfterTheKeyWasExtendedWithoutARestart() throws Exception {
    generate(Shape.CURVE);
    try (GpgStore warm = on.open()) {
      put(warm, "a", "one");
      now = start.plus(DAY.multipliedBy(3));
      assertFails(Kind.DISABLED, "expired at", () -> put(warm, "a", "two"));
      gpg.setExpiry(fingerprint, "2y", now);
      exportKey();
      now = now.plusSeconds(60);
      put(warm, "a", "two");
      assertThat(get(warm, "a")).isEqualTo("two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"30d", "0", "seconds=43200"})
  void everyOtherExpiryKeepsWhatIsStored(String expiry) throws Exception {
    generate(Shape.CURVE);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    gpg.setExpiry(fingerprint, expiry, start.plusSeconds(3600));
    exportKey();
    now = start.plusSeconds(7200);
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("one");
      put(store, "a", "two");
    }
    now = start.plus(DAY.multipliedBy(20));
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("two");
      if (expiry.startsWith("seconds")) {
        assertFails(Kind.DISABLED, "expired at", () -> put(store, "a", "x"));
      } else {
        put(store, "a", "three");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void expiredKeyReadsAndSaysHowToExtendIt(Shape shape) throws Exception {
    generate(shape);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    now = start.plus(DAY.multipliedBy(3));
    Map<String, String> before = hashes();
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("one");
      String advice = "gpg --quick-set-expire " + fingerprint + " 2y";
      assertFails(Kind.DISABLED, advice, () -> put(store, "a", "two"));
      assertFails(Kind.DISABLED, "what is stored can still be read", () -> store.delete("a"));
      assertFails(
          Kind.DISABLED,
          "gpg --export-secret-keys " + fingerprint + " > " + home.resolve("key.pgp.new"),
          () -> put(store, "b", "new"));
      assertThat(store.check()).containsEntry("can write", "no");
      assertThat(store.check().get("why it cannot write")).contains("expired at", advice);
    }
    assertThat(hashes()).isEqualTo(before);
  }

  /** The advice is run as it stands, but for the time, which the test sets. */
  @ParameterizedTest
  @EnumSource
  void adviceForAnExpiredKeyCanBePasted(Shape shape) throws Exception {
    generate(shape);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      now = start.plus(DAY.multipliedBy(3));
      String message =
          org.assertj.core.api.Assertions.catchThrowable(() -> put(store, "a", "two")).getMessage();
      String command = message.substring(message.indexOf("gpg --quick-set-expire"));
      command =
          command
              .replaceAll("\\.$", "")
              .replace(
                  "gpg --quick",
                  "gpg --batch --passphrase '' --pinentry-mode loopback --faked-system-time "
                      + now.getEpochSecond()
                      + "! --quick");
      gpg.run(new byte[0], "sh", "-c", command).orFail();
      now = now.plusSeconds(60);
      put(store, "a", "two");
      assertThat(get(store, "a")).isEqualTo("two");
    }
  }

  /** As on a machine without a battery, before it has asked for the time. */
  @Test
  void clockBeforeTheKeyIsSaidToBeWrong() throws Exception {
    generate(Shape.CURVE);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      now = start.minus(DAY);
      assertThat(get(store, "a")).isEqualTo("one");
      String clock = "Set the clock of this host, which says " + now;
      assertFails(Kind.DISABLED, clock, () -> put(store, "a", "two"));
      now = start.plusSeconds(120);
      put(store, "a", "two");
    }
  }

  @Test
  void newEncryptionKeyIsNotUsedBeforeItsSecretPartIsHere() throws Exception {
    generate(Shape.CURVE);
    try (GpgStore warm = on.open()) {
      put(warm, "a", "one");
      Instant later = GpgHome.nowOrLater(start.plusSeconds(70));
      gpg.gpgAt(later, "--quick-add-key", fingerprint, "cv25519", "encr").orFail();
      exportKey();
      now = later.plusSeconds(60);
      assertFails(Kind.ACCESS_DENIED, "restart this process", () -> put(warm, "a", "two"));
      assertThat(warm.check().get("why it cannot write")).contains("restart this process");
      assertThat(get(warm, "a")).isEqualTo("one");
      try (GpgStore fresh = on.open()) {
        put(fresh, "a", "two");
        assertThat(get(fresh, "a")).isEqualTo("two");
      }
    }
  }

  /** In the keyring of another account, or after a cancelled passphrase, gpg exports nothing. */
  @Test
  void adviceOfAnExportKeepsTheKeyThatGpgDoesNotHave() throws Exception {
    generate(Shape.CURVE);
    Path key = home.resolve("key.pgp");
    byte[] before = Files.readAllBytes(key);
    KeySource source = GpgConfig.of(on.config()).keySource();
    gpg.run(new byte[0], "sh", "-c", source.exportCommand("0".repeat(40)));
    assertThat(Files.readAllBytes(key)).isEqualTo(before);
    gpg.run(new byte[0], "sh", "-c", source.exportCommand(fingerprint)).orFail();
    assertThat(Files.getPosixFilePermissions(key)).isEqualTo(TestStore.FILE_RIGHTS);
    assertThat(Files.exists(home.resolve("key.pgp.new"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void hardRevocationCountsForAllSignatures(int reason) throws Exception {
    generate(Shape.CURVE);
    try (GpgStore warm = on.open()) {
      put(warm, "a", "one");
      gpg.revoke(fingerprint, reason, start.plus(DAY));
      exportKey();
      now = start.plus(DAY).plusSeconds(60);
      String why = reason == 0 ? "no reason given" : "compromised";
      try (GpgStore fresh = on.open()) {
        assertFails(Kind.CORRUPT, why, () -> fresh.fetch("a"));
        assertFails(Kind.CORRUPT, "gpg.signers", () -> fresh.fetch("a"));
        assertFails(Kind.DISABLED, why, () -> put(fresh, "a", "two"));
      }
      assertFails(Kind.DISABLED, why, () -> put(warm, "a", "two"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void softRevocationCountsFromItsDate(int reason) throws Exception {
    generate(Shape.CURVE);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    gpg.revoke(fingerprint, reason, start.plus(DAY));
    exportKey();
    now = start.plus(DAY).plusSeconds(60);
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("one");
      assertFails(
          Kind.DISABLED, reason == 2 ? "superseded" : "retired", () -> put(store, "a", "two"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void revokedSigningSubkey(int reason) throws Exception {
    generate(Shape.SIGNING_SUBKEY);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    gpg.revokeSubkey(fingerprint, 2, reason, start.plus(DAY));
    exportKey();
    now = start.plus(DAY).plusSeconds(60);
    try (GpgStore store = on.open()) {
      if (reason == 1) {
        assertFails(Kind.CORRUPT, "compromised", () -> store.fetch("a"));
      } else {
        assertThat(get(store, "a")).isEqualTo("one");
        put(store, "a", "by the primary key");
        assertThat(get(store, "a")).isEqualTo("by the primary key");
      }
    }
  }

  @Test
  void certificateOfTheAgentIsReadAgain() throws Exception {
    generate(Shape.CURVE);
    Path certificate = home.resolve("certificate.pgp");
    Files.write(certificate, gpg.exportPublic(fingerprint));
    on.settings.remove("key-file");
    on.with("agent-socket", gpg.agentSocket().toString())
        .with("certificate", certificate.toString());
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      now = start.plus(DAY.multipliedBy(3));
      String export = "gpg --export " + fingerprint + " > " + certificate + ".new";
      assertFails(Kind.DISABLED, export, () -> put(store, "a", "two"));
      gpg.setExpiry(fingerprint, "2y", now);
      Files.write(certificate, gpg.exportPublic(fingerprint));
      now = now.plusSeconds(60);
      put(store, "a", "two");
      try (GpgStore fresh = on.open()) {
        assertThat(get(fresh, "a")).isEqualTo("two");
      }
      Files.delete(certificate);
      try (GpgStore fresh = on.open()) {
        assertFails(Kind.UNAUTHENTICATED, "Export it: gpg --export", () -> fresh.fetch("a"));
      }
    }
  }

  /** A second signer with a key that ends, and what the first one reads of it. */
  private TestStore coSigner(GpgHome theirs, String id) throws Exception {
    writeKey("theirs.pgp", theirs.exportSecret(id, ""));
    TestStore other =
        new TestStore(home, "store", "theirs.pgp").with("signers", fingerprint + "," + id);
    other.clock = () -> now;
    on.with("signers", fingerprint + "," + id);
    return other;
  }

  @Test
  void coSignerWhoExtendsTheKeyIsAccepted() throws Exception {
    fingerprint = gpg.generateCurve("own@example.org", "");
    exportKey();
    try (GpgHome theirs = new GpgHome()) {
      String id = theirs.generateCurve("theirs@example.org", "");
      theirs.setExpiry(id, "2d", start.plusSeconds(10));
      TestStore other = coSigner(theirs, id);
      try (GpgStore store = on.open()) {
        put(store, "a", "one");
        store.addRecipient(theirs.exportPublic(id));
        theirs.setExpiry(id, "2y", start.plus(DAY));
        writeKey("theirs.pgp", theirs.exportSecret(id, ""));
        now = start.plus(DAY.multipliedBy(3));
        try (GpgStore second = other.open()) {
          put(second, "a", "two");
        }
        assertThat(get(store, "a")).isEqualTo("two");
        put(store, "a", "three");
        assertThat(text(store.fetchVersion("a", "2"))).isEqualTo("two");
      }
      try (GpgStore second = other.open();
          GpgStore first = on.open()) {
        assertThat(get(second, "a")).isEqualTo("three");
        assertThat(get(first, "a")).isEqualTo("three");
      }
      theirs.gpg(new byte[0], "-d", on.file("a.gpg").toString()).orFail();
    }
  }

  @Test
  void newerCertificateOfARecipientNeedsNoNewEncryption() throws Exception {
    fingerprint = gpg.generateCurve("own@example.org", "");
    exportKey();
    try (GpgHome theirs = new GpgHome();
        GpgStore store = on.open()) {
      String id = theirs.generateCurve("theirs@example.org", "");
      theirs.setExpiry(id, "2d", start.plusSeconds(10));
      put(store, "a", "one");
      store.addRecipient(theirs.exportPublic(id));
      byte[] before = on.bytes("a.gpg");
      now = start.plus(DAY.multipliedBy(3));
      assertFails(Kind.DISABLED, "has expired", () -> put(store, "a", "two"));
      theirs.setExpiry(id, "2y", now);
      now = now.plusSeconds(60);
      store.addRecipient(theirs.exportPublic(id));
      assertThat(on.bytes("a.gpg")).isEqualTo(before);
      put(store, "a", "two");
      theirs.gpgAt(now, "--quick-add-key", id, "cv25519", "encr").orFail();
      now = now.plusSeconds(60);
      store.addRecipient(theirs.exportPublic(id));
      assertThat(on.files()).contains(".fgp/versions/a~/00000002.r2.pgp");
      theirs.gpg(new byte[0], "-d", on.file("a.gpg").toString()).orFail();
    }
  }

  /** Their certificate in the store is still the old one, as another program may leave it. */
  @Test
  void newerCertificateOfACoSignerCanBeAdded() throws Exception {
    fingerprint = gpg.generateCurve("own@example.org", "");
    exportKey();
    try (GpgHome theirs = new GpgHome()) {
      String id = theirs.generateCurve("theirs@example.org", "");
      theirs.setExpiry(id, "2d", start.plusSeconds(10));
      TestStore other = coSigner(theirs, id);
      String file = ".fgp/certs/" + id + ".asc";
      byte[] old;
      try (GpgStore store = on.open()) {
        put(store, "a", "one");
        store.addRecipient(theirs.exportPublic(id));
        old = on.bytes(file);
      }
      theirs.setExpiry(id, "2y", start.plus(DAY));
      writeKey("theirs.pgp", theirs.exportSecret(id, ""));
      now = start.plus(DAY.multipliedBy(3));
      try (GpgStore second = other.open()) {
        put(second, "a", "two");
      }
      on.write(file, old);
      try (GpgStore store = on.open()) {
        assertFails(Kind.CORRUPT, "which expired at", () -> store.fetch("a"));
        assertFails(Kind.CORRUPT, "secrets recipients add", () -> store.fetch("a"));
        assertThat(store.addRecipient(theirs.exportPublic(id))).isEqualTo(id);
        assertThat(get(store, "a")).isEqualTo("two");
        put(store, "a", "three");
        assertFails(Kind.INVALID_VALUE, "has expired", () -> store.addRecipient(old));
        put(store, "a", "four");
      }
      try (GpgStore second = other.open()) {
        assertThat(get(second, "a")).isEqualTo("four");
      }
    }
  }
}
