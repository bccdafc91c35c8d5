package de.lifetimecircle.secrets.gpg.maintenance;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A store that takes over what other programs write, before a read has done so. */
class GpgAdoptedEditsTest extends GpgHeldSecrets {

  /** What {@code pass edit} leaves: the value, encrypted to the key of the store. */
  private byte[] encrypted(String value) {
    TestStore other = new TestStore(home, "other", "key.pgp");
    try (GpgStore theirs = other.open()) {
      put(theirs, "x", value);
    }
    return other.bytes("x.gpg");
  }

  private StoreReport backup(CrashHook steps) {
    on.with("foreign-edits", "adopt");
    try (GpgStore adopting = on.open(steps)) {
      return adopting.backup(home.resolve("backup.tar"), ExistingFile.KEEP);
    }
  }

  private GpgStore restored() throws Exception {
    Path target =
        Files.createDirectory(
            home.resolve("restored"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Process tar =
        new ProcessBuilder(
                "tar", "-xf", home.resolve("backup.tar").toString(), "-C", target.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    return new TestStore(home, "restored", "key.pgp").with("foreign-edits", "adopt").open();
  }

  @Test
  void backupHoldsAnEditThatNobodyHasRead() throws Exception {
    on.write("a.gpg", encrypted("a-edited"));
    StoreReport report = backup(CrashHook.NONE);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.level()).isEqualTo(Level.NOTE);
              assertThat(found.subject()).isEqualTo("a.gpg");
            });
    try (GpgStore again = restored()) {
      assertThat(get(again, "a")).isEqualTo("a-edited");
      assertThat(get(again, "b")).isEqualTo("b-one");
    }
  }

  @Test
  void backupHoldsAnEditOfADeletedSecret() throws Exception {
    store.delete("a");
    on.write("a.gpg", encrypted("a-edited"));
    backup(CrashHook.NONE);
    try (GpgStore again = restored()) {
      assertThat(get(again, "a")).isEqualTo("a-edited");
    }
  }

  @Test
  void editDuringABackupIsReportedOnce() {
    byte[] edited = encrypted("a-edited");
    store.delete("a");
    CrashHook edits =
        new CrashHook() {
          @Override
          public void before(String step, String file) {}

          @Override
          public void beforeRead(String file) {
            if (file.equals(StoreLayout.manifest("b"))) {
              on.write("a.gpg", edited); // The copy has seen that there is none.
            }
          }
        };
    assertThat(backup(edits).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.subject()).isEqualTo("a.gpg"));
  }

  @Test
  void eachBackupHoldsTheEditOfItsMoment() throws Exception {
    byte[] edited = encrypted("a-edited");
    on.with("foreign-edits", "adopt");
    StoreSession session = StoreSession.open(GpgConfig.of(on.config()), CrashHook.NONE);
    try (session;
        EncryptedSpool spool = EncryptedSpool.in(home)) {
      assertThat(snapshot(session, spool).edits()).isEmpty();
      on.write("a.gpg", edited);
      StoreCopy withEdit = snapshot(session, spool);
      assertThat(collected(withEdit, spool, "a.gpg")).isEqualTo(edited);
      assertThat(withEdit.edits()).containsExactly("a.gpg");
      Files.delete(on.file("a.gpg"));
      StoreCopy removed = snapshot(session, spool);
      assertThat(removed.files())
          .as("removed by the other program")
          .doesNotContainKey("a.gpg")
          .containsKey(".fgp/versions/a~/00000002.pgp");
      assertThat(removed.edits()).isEmpty();
    }
  }

  private StoreCopy snapshot(StoreSession session, EncryptedSpool spool) throws Exception {
    return StoreCopy.of(session, spool, new StoreFindings());
  }

  @Test
  void verifyNotesAnEditThatNobodyHasRead() throws Exception {
    on.write("a.gpg", encrypted("a-edited"));
    assertThat(store.verify().has(Level.DAMAGED)).as("where edits are rejected").isTrue();
    on.with("foreign-edits", "adopt");
    try (GpgStore adopting = on.open()) {
      assertThat(adopting.verify().findings())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.level()).isEqualTo(Level.NOTE);
                assertThat(found.text()).contains("the next read takes it over");
              });
      on.write("a.gpg", new byte[] {1, 2, 3});
      assertThat(adopting.verify().has(Level.DAMAGED)).as("not a message").isTrue();
    }
  }

  @Test
  void readSaysWhyItCannotTakeAnEditOver() throws Exception {
    on.write("a.gpg", encrypted("a-edited"));
    on.with("foreign-edits", "adopt");
    try (GpgStore adopting = on.open()) {
      assertThat(get(adopting, "b")).isEqualTo("b-one");
      assertThat(get(adopting, "a")).isEqualTo("a-edited");
    }
    on.write("a.gpg", encrypted("a-again"));
    CrashHook full =
        (what, file) -> {
          if (what.equals("write")) {
            throw new FileSystemException(file, null, "No space left on device");
          }
        };
    try (GpgStore adopting = on.open(full)) {
      assertFails(Kind.UNAVAILABLE, "another program wrote a.gpg", () -> adopting.fetch("a"));
    }
  }

  @Test
  void verifyLooksAgainWhenAWriterIsAtWork() throws Exception {
    AtomicReference<StoreReport> report = new AtomicReference<>();
    AtomicReference<Thread> verifying = new AtomicReference<>();
    CrashHook steps =
        (what, file) -> {
          if (file.equals(StoreLayout.manifest("c")) && verifying.get() == null) {
            assertThat(on.files())
                .as("before the commit")
                .contains(".fgp/versions/c~/00000001.pgp");
            verifying.set(new Thread(() -> report.set(store.verify())));
            verifying.get().start();
            join(verifying.get(), 1000);
          }
        };
    try (GpgStore writer = on.open(steps)) {
      put(writer, "c", "c-one");
    }
    join(verifying.get(), 0);
    assertThat(report.get().findings()).noneMatch(found -> found.level() != Level.NOTE);
  }

  private static void join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] collected(StoreCopy snapshot, EncryptedSpool spool, String file)
      throws IOException {
    return spool.get(snapshot.files().get(file).slot());
  }
}
