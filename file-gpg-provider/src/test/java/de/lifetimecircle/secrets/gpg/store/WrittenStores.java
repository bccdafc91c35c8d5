package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * The kinds of stores that {@link GpgWrittenStoresTest} keeps: of each a copy that an earlier
 * version wrote, and how to write the same kind now. Every store has {@code a} in two versions,
 * {@code b} and {@code c}.
 */
enum WrittenStores {
  PLAIN,
  ROTATED,
  TWO_RECIPIENTS,
  INTERRUPTED_RECIPIENTS,
  DELETED,
  PURGED,
  FOREIGN_EDIT,
  FOREIGN_FILE_REMOVED,
  FOLDER_OF_OTHER_RECIPIENTS,
  MISSING_INDEX,
  MISSING_INDEX_AND_RECIPIENTS,
  MISSING_BUCKET,
  MISSING_MANIFEST,
  UNCOMMITTED_WRITE,
  INTERRUPTED_WRITE,
  DAMAGED_VERSION,
  ROLLED_BACK_NAME;

  static final InstantSource WRITTEN = InstantSource.fixed(Instant.parse("2026-11-30T12:00:00Z"));
  static final String KEY = "key.pgp";

  private static final List<WrittenStores> OF_OTHER_PROGRAMS =
      List.of(FOREIGN_EDIT, FOREIGN_FILE_REMOVED, FOLDER_OF_OTHER_RECIPIENTS);

  /** The settings under which this kind is looked at. */
  List<String> foreignEdits() {
    return OF_OTHER_PROGRAMS.contains(this) ? List.of("reject", "adopt") : List.of("reject");
  }

  String file() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A crash: no handler of the code under test may do anything after it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Writes such a store and its key into that folder. */
  void write(Path home) throws IOException, PgpFailure {
    TestStore on = new TestStore(home, "store", KEY);
    on.clock = WRITTEN;
    byte[] secondKey = PgpKeyGenerator.generate("second", null, WRITTEN.instant());
    PgpCertificate second;
    try (PgpIdentity identity = PgpIdentity.fromKeyFile(secondKey, null)) {
      second = identity.certificate();
    }
    try (GpgStore store = on.open()) {
      put(store, "a", "a-one");
      put(store, "a", "a-two");
      put(store, "b", "b-one");
      put(store, "c", "c-one");
      change(store, second);
    }
    changeFiles(on, second);
  }

  private void change(GpgStore store, PgpCertificate second) {
    switch (this) {
      case ROTATED -> {
        store.put(PutRequest.pending("b", SecretValue.of("b-two")));
        store.promote("b", "2");
        store.put(PutRequest.pending("a", SecretValue.of("a-three")));
        put(store, "c", "c-two");
        store.retire("c", "1");
      }
      case TWO_RECIPIENTS -> store.addRecipient(second.armored());
      case DELETED -> store.delete("b");
      case PURGED -> {
        store.delete("b");
        store.purge("b");
        store.delete("c");
        store.purge("c");
        put(store, "c", "c-again");
      }
      default -> {
        // The files tell this kind from a plain store.
      }
    }
  }

  private void changeFiles(TestStore on, PgpCertificate second) throws IOException, PgpFailure {
    switch (this) {
      case INTERRUPTED_RECIPIENTS -> {
        int[] manifests = {0};
        BiPredicate<String, String> third =
            (step, file) ->
                step.equals("rename") && file.endsWith("MANIFEST.pgp") && ++manifests[0] == 3;
        crash(on, third, store -> store.addRecipient(second.armored()));
      }
      case FOREIGN_EDIT -> on.write("b.gpg", encrypted(on, "b-edited", List.of()));
      case FOREIGN_FILE_REMOVED -> on.delete("b.gpg");
      case FOLDER_OF_OTHER_RECIPIENTS -> makeTeam(on, second);
      case MISSING_INDEX -> on.delete(StoreLayout.INDEX);
      case MISSING_INDEX_AND_RECIPIENTS -> {
        on.delete(StoreLayout.INDEX);
        on.delete(StoreLayout.GPG_ID);
        on.files().stream().filter(file -> file.startsWith(".fgp/certs/")).forEach(on::delete);
      }
      case MISSING_BUCKET ->
          on.files().stream().filter(file -> file.startsWith(bucketOf("b"))).forEach(on::delete);
      case MISSING_MANIFEST -> on.delete(StoreLayout.manifest("b"));
      case UNCOMMITTED_WRITE ->
          crash(on, isRenameTo(StoreLayout.manifest("b")), store -> put(store, "b", "b-two"));
      case INTERRUPTED_WRITE -> crash(on, isRenameTo("b.gpg"), store -> put(store, "b", "b-two"));
      case DAMAGED_VERSION -> {
        byte[] version = on.bytes(versionOf("b"));
        version[version.length - 1] ^= 1;
        on.write(versionOf("b"), version);
      }
      case ROLLED_BACK_NAME -> rollBack(on);
      default -> {
        // The calls tell this kind from a plain store.
      }
    }
  }

  /** Makes a folder of {@code pass} with other recipients, and a secret in it. */
  private static void makeTeam(TestStore on, PgpCertificate second) throws IOException, PgpFailure {
    Files.createDirectory(on.file("team"));
    Files.setPosixFilePermissions(on.file("team"), TestStore.FOLDER_RIGHTS);
    on.write("team/.gpg-id", (second.fingerprint() + "\n").getBytes(StandardCharsets.UTF_8));
    on.write("team/x.gpg", encrypted(on, "x-of-the-team", List.of(second)));
  }

  /** Puts one name back to its state before a write, as from an older copy of its files. */
  private static void rollBack(TestStore on) {
    byte[] manifest = on.bytes(StoreLayout.manifest("b"));
    byte[] current = on.bytes("b.gpg");
    try (GpgStore store = on.open()) {
      put(store, "b", "b-two");
    }
    on.write(StoreLayout.manifest("b"), manifest);
    on.write("b.gpg", current);
  }

  private static String bucketOf(String name) {
    return ".fgp/index/" + StoreLayout.bucketOf(name) + "-";
  }

  private static String versionOf(String name) {
    return ".fgp/versions/" + name + "~/00000001.pgp";
  }

  private static BiPredicate<String, String> isRenameTo(String target) {
    return (step, file) -> step.equals("rename") && file.equals(target);
  }

  private interface Change {
    void on(GpgStore store);
  }

  private static void crash(TestStore on, BiPredicate<String, String> before, Change change) {
    CrashHook steps =
        (step, file) -> {
          if (before.test(step, file)) {
            throw new Crash();
          }
        };
    try (GpgStore store = on.open(steps)) {
      change.on(store);
    } catch (Crash e) {
      return;
    }
    throw new AssertionError("the change was not interrupted");
  }

  /** What another program writes for the recipients of the store and these. */
  private static byte[] encrypted(TestStore on, String value, List<PgpCertificate> others)
      throws IOException, PgpFailure {
    try (PgpIdentity own =
        PgpIdentity.fromKeyFile(Files.readAllBytes(on.home.resolve(KEY)), null)) {
      List<PgpCertificate> all = new java.util.ArrayList<>(others);
      all.add(own.certificate());
      return PgpCodec.encrypt(value.getBytes(StandardCharsets.UTF_8), all, WRITTEN.instant());
    }
  }
}
