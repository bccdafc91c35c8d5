package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody might try with the keys and certificates of signers, and where it ends. */
class GpgSignerThreatsTest {
  private static final int COMPROMISED = 1;

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Instant now = start.plusSeconds(60);
  private GpgHome gpg;
  private String own;
  private String theirs;
  private TestStore ours;
  private TestStore thief;

  /** Two signers; the key of the second one is stolen. */
  @BeforeEach
  void shareAStore() throws IOException {
    gpg = new GpgHome();
    own = gpg.generateCurve("own@example.org", "");
    theirs = gpg.generateCurve("theirs@example.org", "");
    ours = store("own.pgp", own);
    thief = store("theirs.pgp", theirs);
    try (GpgStore store = ours.open()) {
      put(store, "a", "one");
      store.addRecipient(gpg.exportPublic(theirs));
    }
  }

  @AfterEach
  void close() {
    gpg.close();
  }

  /** Generations alone do not tell two futures of one store apart. */
  @Test
  void anotherIndexOfTheSameGenerationIsRefused() {
    Path before = home.resolve("before");
    Path forked = home.resolve("forked");
    ours.copyTo(before);
    try (GpgStore store = thief.open()) {
      put(store, "a", "of the thief");
    }
    ours.copyTo(forked);
    ours.restoreFrom(before);
    try (GpgStore reader = ours.open();
        GpgStore writer = ours.open()) {
      put(writer, "a", "two");
      assertThat(get(reader, "a")).isEqualTo("two");
      ours.restoreFrom(forked);
      assertFails(Kind.CORRUPT, "another one of the same generation", () -> reader.fetch("a"));
    }
    try (GpgStore fresh = ours.open()) {
      assertThat(get(fresh, "a")).as("the other one is whole").isEqualTo("of the thief");
    }
  }

  private TestStore store(String key, String id) throws IOException {
    Path file = home.resolve(key);
    Files.write(file, gpg.exportSecret(id, ""));
    Files.setPosixFilePermissions(file, TestStore.FILE_RIGHTS);
    TestStore store = new TestStore(home, "store", key).with("signers", own + "," + theirs);
    store.clock = () -> now;
    return store;
  }

  @Test
  void backdatedSignatureOfACompromisedKeyIsRefused() {
    gpg.revoke(theirs, COMPROMISED, start.plusSeconds(3600));
    byte[] revoked = gpg.exportPublic(theirs);
    try (GpgStore store = thief.open()) {
      put(store, "a", "planted, dated before the revocation");
    }
    now = start.plusSeconds(7200);
    ours.write(".fgp/certs/" + theirs + ".asc", revoked);
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "compromised", () -> store.fetch("a"));
      assertFails(Kind.CORRUPT, "gpg.signers", () -> store.fetch("a"));
      assertFails(Kind.CORRUPT, "compromised", () -> put(store, "a", "x"));
    }
  }

  /** The limit that docs/threat-model.md names, and the way that holds. */
  @Test
  void strippedRevocationOfACoSignerNeedsTheFingerprintOutOfTheSigners() {
    String file = ".fgp/certs/" + theirs + ".asc";
    byte[] before = ours.bytes(file);
    gpg.revoke(theirs, COMPROMISED, start.plusSeconds(3600));
    try (GpgStore store = thief.open()) {
      put(store, "a", "planted");
    }
    now = start.plusSeconds(7200);
    ours.write(file, gpg.exportPublic(theirs));
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "compromised", () -> store.fetch("a"));
    }
    ours.write(file, before);
    try (GpgStore store = ours.open()) {
      assertThat(get(store, "a")).isEqualTo("planted");
    }
    ours.with("signers", own);
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "none of the pinned signers", () -> store.fetch("a"));
    }
  }

  /** In the order of docs/share-a-store.md: the signer first, then the recipient. */
  @Test
  void signerOfTheListOfRecipientsCanBeRemoved() throws IOException {
    String third = gpg.generateCurve("third@example.org", "");
    try (GpgStore store = thief.open()) {
      store.addRecipient(gpg.exportPublic(third));
    }
    try (GpgStore store = ours.open()) {
      put(store, "b", "one");
    }
    ours.with("signers", own);
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, ".gpg-id.sig", () -> store.removeRecipient(theirs));
      assertFails(
          Kind.CORRUPT, "Delete .gpg-id and .gpg-id.sig", () -> store.removeRecipient(theirs));
      ours.delete(".gpg-id");
      ours.delete(".gpg-id.sig");
      store.removeRecipient(theirs);
      assertThat(store.recipients()).containsExactly(own, third);
      assertThat(get(store, "a")).isEqualTo("one");
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void strippedRevocationOfOurOwnKeyCounts() throws IOException {
    String file = ".fgp/certs/" + own + ".asc";
    byte[] before = ours.bytes(file);
    gpg.revoke(own, COMPROMISED, start.plusSeconds(3600));
    Files.write(home.resolve("own.pgp"), gpg.exportSecret(own, ""));
    ours.write(file, before);
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "compromised", () -> store.fetch("a"));
    }
  }

  /** A revocation that reaches us through the store alone counts too. */
  @Test
  void revocationOfOurOwnKeyInTheStoreCounts() {
    gpg.revoke(own, COMPROMISED, start.plusSeconds(3600));
    ours.write(".fgp/certs/" + own + ".asc", gpg.exportPublic(own));
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "compromised", () -> store.fetch("a"));
    }
  }

  /** What the signed index names can be read without its signer, so a repair may not lose it. */
  @Test
  void repairTakesNothingFromReadersForTheSakeOfAMissingSigner() {
    try (GpgStore store = thief.open()) {
      put(store, "b", "one");
    }
    try (GpgStore store = ours.open()) {
      put(store, "c", "one");
    }
    String file = ".fgp/certs/" + theirs + ".asc";
    byte[] certificate = ours.bytes(file);
    byte[] index = ours.bytes(".fgp/index.pgp");
    ours.delete(file);
    try (GpgStore store = ours.open()) {
      assertThat(get(store, "b")).isEqualTo("one");
      assertThat(store.planRepair()).isEmpty();
      ours.delete(".fgp/index.pgp");
      assertFails(Kind.CORRUPT, "gpg --armor --export " + theirs, store::planRepair);
      ours.write(".fgp/index.pgp", index);
    }
    ours.write(file, certificate);
    ours.with("signers", own);
    try (GpgStore store = ours.open()) {
      assertThat(store.planRepair()).isEmpty();
      assertThat(get(store, "b")).isEqualTo("one");
      ours.delete(".fgp/index.pgp");
      assertFails(Kind.CORRUPT, "gpg.signers", store::planRepair);
    }
    ours.with("signers", own + "," + theirs);
    try (GpgStore store = ours.open()) {
      store.repair(store.planRepair().orElseThrow());
      assertThat(get(store, "b")).isEqualTo("one");
    }
  }

  /** An index that only its signer's certificate is missing for is not a damaged one. */
  @Test
  void indexOfAMissingSignerIsNotRebuilt() {
    try (GpgStore store = thief.open()) {
      put(store, "b", "one");
    }
    ours.delete(".fgp/certs/" + theirs + ".asc");
    try (GpgStore store = ours.open()) {
      assertFails(Kind.CORRUPT, "gpg --armor --export " + theirs, store::planRepair);
    }
  }

  /** Somebody with the disk alone: old and foreign certificates in place of the co-signer's. */
  @Test
  void diskAloneExtendsNothing() throws Exception {
    String file = ".fgp/certs/" + theirs + ".asc";
    byte[] sound = ours.bytes(file);
    try (GpgStore store = thief.open()) {
      put(store, "a", "two");
    }
    String stranger = gpg.generateCurve("stranger@example.org", "");
    for (byte[] planted : new byte[][] {gpg.exportPublic(stranger), new byte[] {1, 2, 3}}) {
      ours.write(file, planted);
      try (GpgStore store = ours.open()) {
        assertFails(Kind.CORRUPT, file, () -> store.fetch("a"));
      }
    }
    ours.write(file, sound);
    try (GpgStore store = ours.open()) {
      assertThat(get(store, "a")).isEqualTo("two");
    }
  }

  /** Flips a bit of each byte of the certificate that an index needs, and cuts it off there. */
  @Test
  void changedCertificateOfACoSignerGivesNoWrongValue() {
    gpg.setExpiry(theirs, "2d", start.plusSeconds(70));
    now = start.plusSeconds(120);
    String file = ".fgp/certs/" + theirs + ".asc";
    try (GpgStore store = ours.open()) {
      store.addRecipient(gpg.exportPublic(theirs));
    }
    try (GpgStore store = thief.open()) {
      put(store, "a", "two");
    }
    byte[] armored = ours.bytes(file);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < armored.length; i++) {
      byte[] flipped = armored.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      for (byte[] changed : new byte[][] {flipped, Arrays.copyOf(armored, i)}) {
        ours.write(file, changed);
        try (GpgStore store = ours.open()) {
          assertThat(get(store, "a")).as("byte " + i).isEqualTo("two");
          read++;
          assertFails(Kind.CORRUPT, file, () -> put(store, "a", "three"));
        } catch (SecretException e) {
          assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.CORRUPT);
          assertThat(e.getMessage()).containsAnyOf(file, ".fgp/index.pgp");
          refused++;
        }
      }
    }
    System.out.println(
        "co-signer's certificate: " + refused + " changes refused, " + read + " read, 0 written");
    assertThat(refused).isGreaterThan(armored.length);
  }
}
