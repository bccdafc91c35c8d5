package de.lifetimecircle.secrets.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that nobody but root and the agent's own user can change a file that decides who may read
 * what. Whoever can rename entries of a folder on the way to the file can replace it, so all of
 * them count. Stateless; blocks for the file system.
 */
final class TrustedFile {
  /** With this bit only the owner of a file may replace it, as in {@code /tmp}. */
  private static final int STICKY = 01000;

  private TrustedFile() {}

  /**
   * Returns every reason not to trust a file; none if it can be trusted.
   *
   * @throws IOException if there is no such file, or its owner or mode cannot be read
   */
  static List<String> problems(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    if (isWritableByOthers(file)) {
      problems.add(file + ": others can write it (expected: run chmod go-w on it)");
    }
    if (!isOurs(file)) {
      problems.add(belongs(file));
    }
    problems.addAll(placeProblems(file));
    return problems;
  }

  /**
   * Returns every reason why others could put another file or folder in the place of this one; none
   * if nobody can.
   *
   * @throws IOException if there is no such file, or an owner or mode cannot be read
   */
  static List<String> placeProblems(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    Set<Path> folders = new LinkedHashSet<>();
    for (Path each = file.toAbsolutePath(); each.getParent() != null; each = each.getParent()) {
      // In a folder as /tmp, a link leads wherever its owner wants.
      if (Files.isSymbolicLink(each) && !isOurs(each, LinkOption.NOFOLLOW_LINKS)) {
        problems.add(belongs(each, LinkOption.NOFOLLOW_LINKS));
      }
      addWithParents(each.getParent().toRealPath(), folders);
    }
    addWithParents(file.toRealPath().getParent(), folders);
    for (Path folder : folders) {
      // A volume of Kubernetes has mode 0777 and is mounted read-only. In a sticky folder only the
      // owner of an entry can replace it, and each entry on the way is checked here.
      if (isWritableByOthers(folder) && !isSticky(folder) && !isReadOnly(folder)) {
        problems.add(folder + ": others can write it (expected: run chmod go-w on it)");
      }
      if (!isOurs(folder)) {
        problems.add(belongs(folder));
      }
    }
    return problems;
  }

  private static void addWithParents(@Nullable Path folder, Set<Path> folders) {
    for (Path each = folder; each != null; each = each.getParent()) {
      folders.add(each);
    }
  }

  /** Returns whether a file or folder belongs to root or to the user of this process. */
  static boolean isOurs(Path path, LinkOption... options) throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid", options);
    return owner.equals(0)
        || Files.getOwner(path, options).getName().equals(System.getProperty("user.name"))
        || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static String belongs(Path path, LinkOption... options) throws IOException {
    return path
        + " belongs to "
        + Files.getOwner(path, options).getName()
        + " (expected: root or the agent's user)";
  }

  private static boolean isWritableByOthers(Path path) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    return rights.contains(PosixFilePermission.GROUP_WRITE)
        || rights.contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static boolean isSticky(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:mode") instanceof Number mode
        && (mode.intValue() & STICKY) != 0;
  }

  private static boolean isReadOnly(Path folder) throws IOException {
    return Files.getFileStore(folder).isReadOnly();
  }
}
