package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Searches for values in files, in staged changes and in the history of git. Reports the place,
 * form and version of each find, but never a value, a part, a length or a hash of one. Withholds
 * the name of a file if the name contains a value.
 *
 * <p>Every method reads one stream after the other in constant memory, whatever the size of files
 * and lines, and blocks for the file system and for git. Finds values of at least eight bytes if
 * eight of their bytes are adjacent after line ends, escapes and zeros are removed; of a value
 * longer than 512 bytes it finds the middle. Used by one thread; the caller closes the values.
 */
public final class SecretScan {
  /** The scanned objects of a repository. */
  public enum Reach {
    /** The objects that branches, tags, notes, the stash and the index reach. */
    REFERENCES,
    /** Every object, also amended, dropped and reset ones. */
    EVERYTHING
  }

  private final FindCollector finds;

  /**
   * Begins a scan.
   *
   * @param listener takes each find as soon as it is complete
   * @param scanned is called after each file or object of git
   */
  public SecretScan(SoughtValues sought, Consumer<FoundValue> listener, Runnable scanned) {
    this.finds = new FindCollector(sought, listener, scanned);
  }

  /**
   * Scans a file, or all files of a folder and its subfolders. Follows no links except the path
   * itself; unpacks gzip.
   *
   * @throws SecretException {@code CONFIGURATION} if there is no such path
   */
  public void files(Path path) {
    new FileWalk(finds, this::leaveToGit).walk(path);
  }

  /** Returns how many files {@link #files} will scan, as far as they can be counted. */
  public long filesIn(Path path) {
    return ScanSize.files(path);
  }

  /** Returns how many files and objects {@link #filesAndHistories} will scan, roughly. */
  public long objectsIn(Path path) {
    return ScanSize.files(path) + ScanSize.objects(path);
  }

  private void leaveToGit(Path mark) {
    if (FileWalk.isObjects(mark)) {
      finds.note(mark.toString(), "the history of a repository; --git scans it");
    }
  }

  /**
   * Scans files as {@link #files} does, then the history of the path's repository and of every
   * repository among the files: submodules, nested clones, bare ones.
   *
   * @throws SecretException as {@link #files} and {@link #history}; failures of repositories among
   *     the files are in {@link #unseen} instead
   */
  public void filesAndHistories(Path path, Reach reach) {
    RepositoryHistories histories = new RepositoryHistories(finds);
    new FileWalk(finds, histories::add).walk(path);
    histories.read(path, reach);
  }

  /**
   * Scans the history of the path's repository: each version of each file once, messages of
   * commits, tags and notes, and names of files.
   *
   * @throws SecretException {@code CONFIGURATION} if the path is in no repository or there is no
   *     git, {@code CORRUPT} if git cannot read the repository; earlier finds were reported
   */
  public void history(Path path, Reach reach) {
    new GitHistory(GitProgram.in(path), reach, finds, "").read();
  }

  /**
   * Scans the staged changes of the path's repository.
   *
   * @throws SecretException as {@link #history}
   */
  public void staged(Path path) {
    new GitStaged(GitProgram.in(path), finds).read();
  }

  /** Returns the parts that were not scanned so far, and why. */
  public List<UnscannedPart> unseen() {
    return finds.unseen();
  }
}
