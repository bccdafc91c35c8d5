package de.lifetimecircle.secrets.gpg.session;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.LockProbe;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who can read and who is believed: recipients and signers. */
class GpgRecipientsTest extends GpgHeldSecrets {
  @Test
  void formerRecipientCannotReadWhatIsKept() throws Exception {
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null)) {
      String id = store.addRecipient(second.certificate().armored());
      assertThat(store.recipients()).containsExactly(fingerprint(), id);
      assertThat(PgpCodec.decrypt(on.bytes("a.gpg"), second))
          .isEqualTo("a-two".getBytes(StandardCharsets.UTF_8));
      store.removeRecipient(id);
      assertThat(store.recipients()).containsExactly(fingerprint());
      for (String file : on.files()) {
        if (file.endsWith(".gpg") || Objects.equals(file.replaceAll(".*/0.*", "v"), "v")) {
          byte[] kept = on.bytes(file);
          assertThatThrownBy(() -> PgpCodec.decrypt(kept, second))
              .as(file)
              .isInstanceOf(PgpFailure.class);
        }
      }
    }
    assertThat(get(store, "a")).isEqualTo("a-two");
    assertThat(text(store.fetchVersion("a", "1"))).isEqualTo("a-one");
  }

  @Test
  void formerRecipientCannotPutItsFileBack() throws Exception {
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null)) {
      String id = store.addRecipient(second.certificate().armored());
      byte[] forBoth = on.bytes("a.gpg");
      store.removeRecipient(id);
      on.write("a.gpg", forBoth);
    }
    assertThat(get(store, "a")).isEqualTo("a-two");
    assertThat(on.bytes("a.gpg")).isEqualTo(on.bytes(".fgp/versions/a~/00000002.r3.pgp"));
  }

  @Test
  void writerWithoutSigningKeyCannotWrite() throws Exception {
    try (GpgHome gpg = new GpgHome()) {
      String id = gpg.generateCurve("reader@example.org", "");
      store.addRecipient(gpg.exportPublic(id));
      byte[] subkeys = gpg.gpg(new byte[0], "--export-secret-subkeys", id).orFail().out();
      Files.write(home.resolve("reader.pgp"), subkeys);
      Files.setPosixFilePermissions(home.resolve("reader.pgp"), TestStore.FILE_RIGHTS);
      TestStore reader = new TestStore(home, "store", "reader.pgp").with("signers", fingerprint());
      try (GpgStore readOnly = reader.open()) {
        assertThat(get(readOnly, "a")).isEqualTo("a-two");
        assertThat(readOnly.check()).containsEntry("can write", "no");
        assertFails(Kind.ACCESS_DENIED, "read only", () -> put(readOnly, "a", "x"));
      }
      on.delete("a.gpg");
      assertReadLeavesTheLockToReaders(reader);
    }
  }

  /** A process that cannot repair an unsettled name need not wait for a backup to end. */
  private void assertReadLeavesTheLockToReaders(TestStore reader) {
    AtomicInteger loads = new AtomicInteger();
    List<Boolean> underLock = new ArrayList<>();
    CrashHook steps =
        new CrashHook() {
          @Override
          public void before(String step, String file) {}

          @Override
          public void beforeRead(String file) {
            if (file.equals(StoreLayout.INDEX) && loads.incrementAndGet() == 4) {
              underLock.add(LockProbe.isFree(on.file(StoreLayout.LOCK)));
              underLock.add(LockProbe.isFreeForReaders(on.file(StoreLayout.LOCK)));
            }
          }
        };
    try (GpgStore readOnly = reader.open(steps)) {
      assertThat(get(readOnly, "a")).isEqualTo("a-two");
    }
    assertThat(underLock).as("free for a writer, free for a reader").containsExactly(false, true);
  }

  @Test
  void secondSignerIsTrustedOnlyWhenPinned() throws Exception {
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    Files.write(home.resolve("second.pgp"), key);
    Files.setPosixFilePermissions(home.resolve("second.pgp"), TestStore.FILE_RIGHTS);
    String first = fingerprint();
    String second;
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(key, null)) {
      second = store.addRecipient(identity.certificate().armored());
    }
    TestStore theirs =
        new TestStore(home, "store", "second.pgp").with("signers", first + ", " + second);
    try (GpgStore other = theirs.open()) {
      assertThat(get(other, "a")).isEqualTo("a-two");
      other.put(PutRequest.always("a", SecretValue.of("from second")));
    }
    assertFailsAnew(Kind.CORRUPT, "gpg.signers", "a");
    assertFailsAnew(Kind.CORRUPT, second, "a");
    on.with("signers", first + "," + second);
    try (GpgStore both = on.open()) {
      assertThat(get(both, "a")).isEqualTo("from second");
      put(both, "a", "from first");
    }
    try (GpgStore other = theirs.open()) {
      assertThat(get(other, "a")).isEqualTo("from first");
    }
    theirs.with("signers", first);
    try (GpgStore other = theirs.open()) {
      assertFails(Kind.ACCESS_DENIED, "gpg.signers", () -> put(other, "a", "x"));
    }
  }

  /** Returns the settings of a second person, who signs with a subkey if there is one for it. */
  private TestStore second(GpgHome gpg, String id, String export) throws Exception {
    byte[] key = gpg.gpg(new byte[0], export, id).orFail().out();
    Files.write(home.resolve("second.pgp"), key);
    Files.setPosixFilePermissions(home.resolve("second.pgp"), TestStore.FILE_RIGHTS);
    return new TestStore(home, "store", "second.pgp").with("signers", fingerprint() + "," + id);
  }

  @Test
  void removedRecipientThatCanStillSignIsNamed() throws Exception {
    try (GpgHome gpg = new GpgHome()) {
      String id = gpg.generateCurve("second@example.org", "");
      on.with("signers", fingerprint() + "," + id);
      TestStore theirs = second(gpg, id, "--export-secret-keys");
      try (GpgStore ours = on.open();
          GpgStore former = theirs.open()) {
        ours.addRecipient(gpg.exportPublic(id));
        assertThat(ours.signerFindings()).isEmpty();
        ours.removeRecipient(id);
        put(former, "new", "of the former recipient");
        assertThat(get(ours, "new")).isEqualTo("of the former recipient");
        assertThat(ours.signerFindings())
            .singleElement()
            .asString()
            .contains(id, "take it out of gpg.signers");
      }
    }
  }

  @Test
  void unknownSignerIsNamedByItsPrimaryKey() throws Exception {
    try (GpgHome gpg = new GpgHome()) {
      String id = gpg.generateCurve("second@example.org", "");
      gpg.addSigningSubkey(id);
      store.addRecipient(gpg.exportPublic(id));
      String own = fingerprint();
      try (GpgStore theirs = second(gpg, id, "--export-secret-subkeys").open()) {
        put(theirs, "a", "of the second");
      }
      assertFailsAnew(Kind.CORRUPT, "by the key " + id + " (its signing subkey ", "a");
      on.with("signers", own + "," + id);
      try (GpgStore pinned = on.open()) {
        assertThat(get(pinned, "a")).isEqualTo("of the second");
        on.with("signers", own);
        on.delete(".fgp/certs/" + id + ".asc");
        assertFailsAnew(
            Kind.CORRUPT, "its primary key to gpg.signers, which 'gpg --list-keys", "a");
      }
    }
  }
}
