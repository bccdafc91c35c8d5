package de.lifetimecircle.secrets.gpg.files;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One change of several files, in an order that survives a crash at any step. Used once, by the
 * thread that holds the lock.
 *
 * <p>First it writes all new content beside the store's files and forces it to the disk; only then
 * it changes the names, one after the other, each forced to the disk before the next. So a full
 * disk fails the change while nothing has changed yet. Until the end, a note records the name under
 * change and the files that are added and removed: a later writer that finds the note knows that
 * this one was interrupted, where to look, and which files it may delete.
 */
public final class StoreTransaction {
  private enum Kind {
    LINK,
    REPLACE,
    REMOVE
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  private record Step(Kind kind, String file, byte @Nullable [] content) {}

  private final DurableFiles files;
  private final String note = WriteNote.newFile();
  private final String subject;
  private final List<Step> steps = new ArrayList<>();
  private final SortedMap<String, String> noted = new TreeMap<>();
  private final SortedMap<String, String> dropped = new TreeMap<>();

  /**
   * Starts an empty change.
   *
   * @param subject the name that is changed; empty for the whole store
   */
  public StoreTransaction(DurableFiles files, String subject) {
    this.files = files;
    this.subject = subject;
  }

  /** Adds a file, which must not exist yet. */
  public StoreTransaction link(String file, byte[] content) {
    steps.add(new Step(Kind.LINK, file, content));
    noted.put(file, Sha256.hex(content));
    return this;
  }

  /**
   * Writes a file with a name that was never used before, so recovery may delete it by its hash.
   */
  public StoreTransaction bucket(String file, byte[] content) {
    noted.put(file, Sha256.hex(content));
    return replace(file, content);
  }

  /** Removes a file after all other steps, if it still has that content. */
  public StoreTransaction drop(String file, String sha256) {
    noted.put(file, sha256);
    dropped.put(file, sha256);
    return this;
  }

  /** Replaces a file, or creates it. */
  public StoreTransaction replace(String file, byte[] content) {
    steps.add(new Step(Kind.REPLACE, file, content));
    return this;
  }

  /** Removes a file. */
  public StoreTransaction remove(String file) {
    steps.add(new Step(Kind.REMOVE, file, null));
    return this;
  }

  /** Makes the change, and waits until it is on the disk. */
  public void run() throws IOException {
    files.makeFolder(StoreLayout.TEMPORARY);
    for (Step step : steps) {
      String folder = DurableFiles.folderOf(step.file());
      if (step.kind() != Kind.REMOVE && !folder.isEmpty()) {
        files.makeFolder(folder);
      }
    }
    List<String> staged = new ArrayList<>();
    try {
      files.note(note, new WriteNote(subject, noted).toBytes());
      for (Step step : steps) {
        staged.add(step.content() == null ? "" : files.stage(step.content()));
      }
    } catch (IOException | RuntimeException e) {
      discard(staged);
      throw e;
    }
    publish(staged);
    for (Map.Entry<String, String> file : dropped.entrySet()) {
      files.deleteIf(file.getKey(), file.getValue());
    }
    files.delete(note);
  }

  /**
   * Changes the names. An interrupt now would only leave work for recovery, so it waits for the
   * end.
   */
  private void publish(List<String> staged) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        publish(step, staged.get(i));
        boolean more =
            i + 1 < steps.size()
                && step.kind() == Kind.LINK
                && steps.get(i + 1).kind() == Kind.LINK
                && DurableFiles.folderOf(steps.get(i + 1).file())
                    .equals(DurableFiles.folderOf(step.file()));
        if (!more) {
          sync(step);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void publish(Step step, String staged) throws IOException {
    switch (step.kind()) {
      case LINK -> files.link(staged, step.file());
      case REPLACE -> files.replace(staged, step.file());
      case REMOVE -> files.delete(step.file());
    }
  }

  private void sync(Step step) throws IOException {
    String folder = DurableFiles.folderOf(step.file());
    if (step.kind() != Kind.REMOVE || folder.isEmpty() || files.isFolder(folder)) {
      files.sync(folder);
    }
  }

  private void discard(List<String> staged) {
    List<String> all = new ArrayList<>(staged);
    all.add(note);
    for (String file : all) {
      try {
        if (!file.isEmpty()) {
          files.delete(file);
        }
      } catch (IOException | StoreFailure e) {
        // The next writer tidies up; the failure that led here is the one to report.
      }
    }
  }
}
