package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the newest index seen and rejects an older one. The record must be outside the store: a
 * rollback of the whole store puts every signature and hash in it back consistently, so nothing
 * inside can reveal it.
 *
 * <p>Keeps the record in memory for the life of the store object, and also in a file outside the
 * store if one is configured. Safe for use by several threads. Lock order: a thread that holds the
 * store's lock may acquire the lock of the file, never the other way round.
 */
public final class RollbackGuard {
  private static final int MAX_BYTES = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * The newest index seen. Immutable.
   *
   * @param storeId the id of the store
   * @param generation of the index
   */
  public record Mark(String storeId, long generation) {
    private static Mark parse(Path file, byte[] bytes) {
      String[] words = new String(bytes, StandardCharsets.UTF_8).strip().split(" ", -1);
      try {
        if (words.length == 2) {
          return new Mark(words[0], Long.parseLong(words[1]));
        }
      } catch (NumberFormatException e) {
        // Falls through: it is not a number.
      }
      throw GpgErrors.corrupt("the high-water file " + file, "is damaged", "Put it back");
    }
  }

  /** Advice for a store that is older than its mark. */
  public static final String ROLLED_BACK =
      "Restore the newest backup; if the older state is meant, run 'secrets store repair'";

  /** Advice for a mark of another store. */
  public static final String OTHER_STORE =
      "Check gpg.store, or name another file in gpg.high-water-file";

  /** Advice for a store that changed identity or went back while this process was running. */
  private static final String RESTART =
      "Restore the newest backup; if this state is meant, restart this process";

  private final Optional<Path> file;
  private @Nullable Mark seen;
  private @Nullable String seenHash;
  private @Nullable Mark inFile;
  private final AtomicBoolean failing = new AtomicBoolean();

  /** Remembers the newest index in that file too, if there is one. */
  public RollbackGuard(Optional<Path> file) {
    this.file = file;
  }

  /** Reads the mark from the file; empty without one. */
  public Optional<Mark> remembered() throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = PrivateFiles.read("high-water file", file.get(), MAX_BYTES);
      return Optional.of(Mark.parse(file.get(), bytes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Rejects an index that is older than one seen before; otherwise remembers it. */
  public void observe(IndexRoot root, String hash) throws IOException {
    Mark mark = new Mark(root.storeId(), root.generation());
    Mark known = remembered().orElse(null);
    synchronized (this) {
      requireNotBefore(
          known, mark, ROLLED_BACK + file.map(f -> ", or delete " + f).orElse(""), OTHER_STORE);
      requireNotBefore(seen, mark, RESTART, RESTART);
      if (seen != null && seen.generation() == mark.generation() && !hash.equals(seenHash)) {
        throw GpgErrors.corrupt(
            StoreLayout.INDEX, "is another one of the same generation as the one read before");
      }
      seen = mark;
      seenHash = hash;
      inFile = known;
    }
    raise(mark);
  }

  private static void requireNotBefore(
      @Nullable Mark known, Mark now, String ifOlder, String ifOther) {
    if (known == null) {
      return;
    }
    if (!known.storeId().equals(now.storeId())) {
      throw GpgErrors.corrupt(StoreLayout.INDEX, "belongs to another store", ifOther);
    }
    if (known.generation() > now.generation()) {
      throw GpgErrors.corrupt(
          StoreLayout.INDEX,
          "is older than one seen before (generation "
              + now.generation()
              + " after "
              + known.generation()
              + "): the store was put back to an older state",
          ifOlder);
    }
  }

  /**
   * Writes the mark if it is higher. A failure only logs: it weakens the next check, but must not
   * stop reads and writes of secrets.
   */
  private void raise(Mark mark) {
    if (file.isEmpty() || !isHigher(mark)) {
      return;
    }
    try {
      Path folder = folderOf(file.get());
      StoreLock lock = StoreLock.of(folder.resolve(file.get().getFileName() + ".lock"));
      lock.toChange(
          CallDeadline.after(PATIENCE),
          mode -> {
            if (remembered().map(known -> known.generation() < mark.generation()).orElse(true)) {
              write(folder, mark);
            }
            return mark;
          });
      failing.set(false);
    } catch (IOException e) {
      warn(FileFailure.reason(e));
    } catch (StoreFailure e) {
      warn(e.reason());
    } catch (SecretException e) {
      warn("another user can lead root from there to any file of root");
    }
  }

  private synchronized boolean isHigher(Mark mark) {
    return inFile == null || inFile.generation() < mark.generation();
  }

  private void write(Path folder, Mark mark) throws IOException {
    String line = mark.storeId() + " " + mark.generation() + "\n";
    OwnerOnlyFiles.write(
        folder.resolve(file.orElseThrow().getFileName()), line.getBytes(StandardCharsets.UTF_8));
  }

  private static Path folderOf(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw StoreFailure.of(
          Kind.CONFIGURATION, "gpg.high-water-file is a folder", "Name a file outside the store");
    }
    TrustedPath.requireNoForeignLink(file);
    Files.createDirectories(parent, OwnerOnlyFiles.folder(parent));
    return parent.toRealPath();
  }

  /** Warns once until a mark was written again: every change of the store tries it. */
  private void warn(String why) {
    if (!failing.compareAndSet(false, true)) {
      return;
    }
    StoreLog.LOG.log(
        System.Logger.Level.WARNING,
        "Cannot write the high-water file {0}: {1}. A rollback of the whole store may go"
            + " unnoticed.",
        file.orElseThrow(),
        why);
  }
}
