package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.gpg.openpgp.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key file whose secret part is that of another key: it changes nothing, and it is not mistaken
 * for a damaged store.
 */
class GpgForeignKeyPartsTest {
  private static final String REMEDY = "Export it again";

  @TempDir(factory = FastTempDir.class)
  Path home;

  private TestStore on;
  private byte[] keyFile;

  @BeforeEach
  void makeStore() throws Exception {
    keyFile = PgpKeyGenerator.generate("a <a@example.org>", null, Instant.now());
    writeKey(keyFile);
    on = new TestStore(home);
    try (GpgStore store = on.open()) {
      put(store, "a", "a-one");
      put(store, "a", "a-two");
      put(store, "b", "b-one");
    }
  }

  private void writeKey(byte[] file) throws Exception {
    Path key = home.resolve("key.pgp");
    Files.write(key, file);
    Files.setPosixFilePermissions(key, TestStore.FILE_RIGHTS);
  }

  private Map<String, String> bytes() {
    Map<String, String> all = new TreeMap<>();
    for (String file : on.files()) {
      all.put(file, Sha256.hex(on.bytes(file)));
    }
    return all;
  }

  private void assertRefusedAndUnchanged(ThrowingCallable change) {
    Map<String, String> before = bytes();
    GpgHeldSecrets.assertFails(Kind.UNAUTHENTICATED, REMEDY, change);
    assertThat(bytes()).isEqualTo(before);
  }

  @Test
  void foreignSigningKeyReadsAndChangesNothing() throws Exception {
    writeKey(TestKeys.withForeignSecret(keyFile, false));
    on.delete("a.gpg"); // a read would write it again
    on.write(".fgp/versions/b~/MANIFEST.pgp", new byte[] {1, 2, 3});
    try (GpgStore store = on.open()) {
      Map<String, String> before = bytes();
      assertThat(get(store, "a")).isEqualTo("a-two");
      assertThat(bytes()).as("after a read").isEqualTo(before);
      assertRefusedAndUnchanged(() -> put(store, "a", "a-three"));
      assertRefusedAndUnchanged(() -> put(store, "c", "c-one"));
      assertRefusedAndUnchanged(() -> store.planRepair());
      assertThat(store.check().get("can write")).startsWith("no");
    }
  }

  @Test
  void foreignDecryptionKeyIsNoDamageOfTheStore() throws Exception {
    writeKey(TestKeys.withForeignSecret(keyFile, true));
    try (GpgStore store = on.open()) {
      GpgHeldSecrets.assertFails(Kind.UNAUTHENTICATED, REMEDY, () -> store.fetch("a"));
      GpgHeldSecrets.assertFails(Kind.UNAUTHENTICATED, REMEDY, store::verify);
      assertRefusedAndUnchanged(() -> put(store, "a", "a-three"));
    }
  }
}
