package de.lifetimecircle.secrets.gpg;

import static de.lifetimecircle.secrets.gpg.TestStore.get;
import static de.lifetimecircle.secrets.gpg.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private StoreReport backup(FileSteps steps) {
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
    StoreReport report = backup(FileSteps.NONE);
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
    backup(FileSteps.NONE);
    try (GpgStore again = restored()) {
      assertThat(get(again, "a")).isEqualTo("a-edited");
    }
  }

  /** The edit comes after its name was collected, in a round that a writer makes void. */
  @Test
  void backupLooksAgainAtWhatItKeepsFromAnEarlierRound() throws Exception {
    byte[] edited = encrypted("a-edited");
    on.with("foreign-edits", "adopt");
    StoreSession session = StoreSession.open(GpgConfig.of(on.config()), FileSteps.NONE);
    StoreFindings findings = new StoreFindings();
    try (session;
        Spool spool = Spool.in(home)) {
      StoreSnapshot snapshot = new StoreSnapshot(session, spool, findings);
      snapshot.collect(Deadline.after(on.timeout));
      on.write("a.gpg", edited);
      snapshot.collect(Deadline.after(on.timeout));
      assertThat(collected(snapshot, spool, "a.gpg")).isEqualTo(edited);
      put(store, "b", "b-two");
      Files.delete(on.file("a.gpg"));
      snapshot.collect(Deadline.after(on.timeout));
      assertThat(collected(snapshot, spool, "a.gpg"))
          .isEqualTo(on.bytes(".fgp/versions/a~/00000002.pgp"));
      assertThat(snapshot.edits()).isEmpty();
    }
  }

  private static byte[] collected(StoreSnapshot snapshot, Spool spool, String file)
      throws IOException {
    return spool.get(snapshot.files().get(file).slot());
  }
}
