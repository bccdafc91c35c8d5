package de.lifetimecircle.secrets.gpg.maintenance;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Backups of a store whose writers the lock does not keep out, and what a backup holds up. */
class GpgBackupDuringWritesTest extends GpgHeldSecrets {
  private static final String COPIED_LAST = ".fgp/versions/b~/00000001.pgp";

  private Path archive() {
    return home.resolve("backup.tar");
  }

  private static CrashHook onRead(String watched, Consumer<String> action) {
    return new CrashHook() {
      @Override
      public void before(String step, String file) {}

      @Override
      public void beforeRead(String file) {
        if (file.equals(watched)) {
          action.accept(file);
        }
      }
    };
  }

  /** A restored store has no lock file until the first write to it. */
  @Test
  void firstWriteToARestoredStoreDoesNotTearTheBackup() {
    on.delete(StoreLayout.LOCK);
    AtomicInteger copies = new AtomicInteger();
    CrashHook writes =
        onRead(
            COPIED_LAST,
            file -> {
              if (copies.incrementAndGet() == 1) {
                put(store, "a", "a-three");
                put(store, "new", "one");
                put(store, "new", "two");
              }
            });
    try (GpgStore watched = on.open(writes)) {
      assertThat(watched.backup(archive(), ExistingFile.KEEP).findings()).isEmpty();
    }
    assertThat(copies).hasValue(2);
    assertThat(store.verify(archive()).facts()).containsEntry("secrets", "3");
    assertThat(store.verify(archive()).findings()).isEmpty();
  }

  @Test
  void backupUnderConstantWritesWithoutALockFails() {
    on.delete(StoreLayout.LOCK);
    AtomicInteger copies = new AtomicInteger();
    CrashHook writes =
        onRead(
            COPIED_LAST,
            file -> {
              put(store, "a", "value " + copies.incrementAndGet());
              on.delete(StoreLayout.LOCK);
            });
    try (GpgStore watched = on.open(writes)) {
      assertFails(
          Kind.UNAVAILABLE,
          "changed during each of 3 attempts to copy it",
          () -> watched.backup(archive(), ExistingFile.KEEP));
    }
    assertThat(copies).hasValue(3);
    assertThat(Files.exists(archive())).isFalse();
  }

  /** The disk of a backup may be a slow network share, and writers wait for the copy. */
  @Test
  void copyUnderTheLockIsWrittenBesideTheStore() throws Exception {
    Path backups = Files.createDirectory(home.resolve("backups"));
    List<Path> folders = new ArrayList<>();
    try (GpgStore watched = on.open(onRead(COPIED_LAST, file -> folders.addAll(spools())))) {
      watched.backup(backups.resolve("backup.tar"), ExistingFile.KEEP);
    }
    assertThat(folders).containsExactly(home.toRealPath());
  }

  /** The folders below ours in which this process has a spool open. */
  private List<Path> spools() {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open) {
        if (Files.isSymbolicLink(descriptor)) {
          Path file = Files.readSymbolicLink(descriptor);
          if (file.startsWith(home.toRealPath()) && file.toString().contains(".spool")) {
            folders.add(file.getParent());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folders;
  }

  @Test
  void spoolIsInTheSecondFolderIfTheFirstTakesNoFile() throws Exception {
    try (EncryptedSpool spool = EncryptedSpool.in(home.resolve("none"), home)) {
      assertThat(spool.folder()).isEqualTo(home);
      assertThat(spool.get(spool.add(new byte[] {1, 2}))).containsExactly(1, 2);
    }
  }
}
