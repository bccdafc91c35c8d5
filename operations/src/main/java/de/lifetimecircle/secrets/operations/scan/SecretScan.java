package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks for values in files, in what git is about to commit and in its history. Tells where each
 * was found, in what form and which version it is; never a value, a part, a length or a hash of
 * one. A name of a file that holds a value is withheld.
 *
 * <p>Every method reads one stream after the other in constant memory, whatever the size of files
 * and lines, and blocks for the file system and for git. Found are values of eight bytes and more
 * of which eight bytes stand together once line ends, escapes and zeros are left out; of a value
 * longer than 512 bytes the middle. Used by one thread; the values stay their caller's.
 */
public final class SecretScan {
  /** Which of the objects of a repository are looked at. */
  public enum Reach {
    /** What branches, tags, notes, the stash and the index reach. */
    REFERENCES,
    /** Every object there is: also what was amended, dropped or reset away. */
    EVERYTHING
  }

  private final ScanFinds finds;
  private final Consumer<FoundValue> told;
  private final List<UnscannedPart> unseen = new ArrayList<>();

  /**
   * Begins a scan.
   *
   * @param told takes each find as soon as everything is known of it
   */
  public SecretScan(SoughtValues sought, Consumer<FoundValue> told) {
    this.finds = new ScanFinds(sought);
    this.told = told;
  }

  /**
   * Looks into a file, or into all files of a folder and of those in it. Links are not followed,
   * but for the path itself; files packed with gzip are unpacked.
   *
   * @throws SecretException {@code CONFIGURATION} if there is no such path
   */
  public void files(Path path) {
    new FileWalk(finds, told, unseen, this::leaveToGit).walk(path);
  }

  private void leaveToGit(Path mark) {
    if (FileWalk.isObjects(mark)) {
      unseen.add(finds.note(mark.toString(), "the history of a repository; --git looks into it"));
    }
  }

  /**
   * Looks into files as {@link #files} does, then into the history of the repository that holds the
   * path and of every one that is among the files: submodules, clones within, bare ones.
   *
   * @throws SecretException as {@link #files} and {@link #history}; for one among the files it is
   *     told as {@link #unseen} instead
   */
  public void filesAndHistories(Path path, Reach reach) {
    RepositoryHistories histories = new RepositoryHistories(finds, unseen);
    new FileWalk(finds, told, unseen, histories::add).walk(path);
    histories.read(path, reach, told);
  }

  /**
   * Looks into the history of the repository that holds the path: each version of each file once,
   * messages of commits, tags and notes, and names of files.
   *
   * @throws SecretException {@code CONFIGURATION} if the path is in no repository or there is no
   *     git, {@code CORRUPT} if git cannot read the repository; what was found before was told
   */
  public void history(Path path, Reach reach) {
    new GitHistory(GitProgram.in(path), reach, finds, unseen, "").read(told);
  }

  /**
   * Looks into what the next commit of the repository that holds the path will change.
   *
   * @throws SecretException as {@link #history}
   */
  public void staged(Path path) {
    new GitStaged(GitProgram.in(path), finds, unseen).read(told);
  }

  /** What was not looked into so far, and why. */
  public List<UnscannedPart> unseen() {
    return List.copyOf(unseen);
  }
}
