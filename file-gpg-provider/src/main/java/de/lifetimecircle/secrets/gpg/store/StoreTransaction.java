package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One change of several files, in an order that a crash may cut anywhere. Used once, by the thread
 * that holds the lock.
 *
 * <p>First all new content is written beside the store's files and forced to the disk; only then
 * the names are changed, one after the other, each forced to the disk before the next. So a full
 * disk is noticed while nothing has changed yet. A note says which name is being changed until all
 * is done, and which files that adds and takes away: who finds one knows that a writer was cut off,
 * where to look, and what may be deleted.
 */
final class StoreTransaction {
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
   * A change of nothing yet.
   *
   * @param subject the name that is changed; empty for the store as a whole
   */
  StoreTransaction(DurableFiles files, String subject) {
    this.files = files;
    this.subject = subject;
  }

  /** Adds a file that may not be there yet. */
  StoreTransaction link(String file, byte[] content) {
    steps.add(new Step(Kind.LINK, file, content));
    noted.put(file, Sha256.hex(content));
    return this;
  }

  /** Writes a file whose name no other one has had, unless it has the same content. */
  StoreTransaction bucket(String file, byte[] content) {
    noted.put(file, Sha256.hex(content));
    return replace(file, content);
  }

  /** Takes a file away when all else is done, if it has that content then. */
  StoreTransaction drop(String file, String sha256) {
    noted.put(file, sha256);
    dropped.put(file, sha256);
    return this;
  }

  /** Puts a file in the place of another. */
  StoreTransaction replace(String file, byte[] content) {
    steps.add(new Step(Kind.REPLACE, file, content));
    return this;
  }

  /** Takes a file away. */
  StoreTransaction remove(String file) {
    steps.add(new Step(Kind.REMOVE, file, null));
    return this;
  }

  void run() throws IOException, StoreProblem {
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

  /** From here on an interrupt would only tear what is nearly done, so it waits for the end. */
  private void publish(List<String> staged) throws IOException, StoreProblem {
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

  private void publish(Step step, String staged) throws IOException, StoreProblem {
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
      } catch (IOException | StoreProblem e) {
        // The next writer tidies up.
      }
    }
  }
}
