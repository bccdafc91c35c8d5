package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Scans the histories of all repositories among the files of a scan, including submodules and
 * clones. Scans each history once, whatever leads to it. Used by one thread.
 */
final class RepositoryHistories {
  private final FindCollector finds;
  private final Set<Path> folders = new LinkedHashSet<>();
  private final Set<Path> read = new HashSet<>();

  RepositoryHistories(FindCollector finds) {
    this.finds = finds;
  }

  /** Adds a repository by its folder of objects, or by the file that leads to it. */
  void add(Path mark) {
    Path holder = mark.resolveSibling("");
    boolean beside = FileWalk.isObjects(mark) && holder.endsWith(".git");
    folders.add(beside ? holder.resolveSibling("") : holder);
  }

  /**
   * Scans the repository of a path, then the others. If one of the others cannot be read, the rest
   * is scanned, but the scan is incomplete.
   */
  void read(Path path, SecretScan.Reach reach) {
    GitProgram outer = GitProgram.in(path);
    read.add(outer.shared());
    new GitHistory(outer, reach, finds, "").read();
    folders.forEach(folder -> readInner(folder, reach));
  }

  private void readInner(Path folder, SecretScan.Reach reach) {
    String name = folder.toString();
    if (!finds.shown(name).equals(name)) { // newer JDKs log the start of a program at DEBUG
      finds.problem(name, "its history was not read; rename it, and scan again");
      return;
    }
    try {
      GitProgram git = GitProgram.of(folder);
      if (read.add(git.shared())) {
        new GitHistory(git, reach, finds, folder + ": ").read();
      }
    } catch (IOException e) {
      String reason = "its history cannot be read (" + FileFailure.reason(e) + ")";
      finds.problem(name, reason);
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.INTERRUPTED) {
        throw e;
      }
      finds.problem(name, finds.shown(String.valueOf(e.getMessage())));
    }
  }
}
