package de.lifetimecircle.secrets.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks that nobody but root and the agent's own user can change a file that decides who may read
 * what. Whoever can rename entries of its folder can replace the file, so the folder counts as
 * well. Stateless; blocks for the file system.
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
    for (Path folder : folders(file)) {
      // A volume of Kubernetes has mode 0777 and is mounted read-only.
      if (isWritableByOthers(folder) && !isSticky(folder) && !isReadOnly(folder)) {
        problems.add(folder + ": others can write it (expected: run chmod go-w on it)");
      }
      if (!isOurs(folder)) {
        problems.add(belongs(folder));
      }
    }
    return problems;
  }

  /** The folder that the path names, and the one that a link leads to. */
  private static Set<Path> folders(Path file) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path each : List.of(file.toAbsolutePath(), file.toRealPath())) {
      Path folder = each.getParent();
      if (folder != null) {
        folders.add(folder.toRealPath());
      }
    }
    return folders;
  }

  /** Returns whether a file or folder belongs to root or to the user of this process. */
  static boolean isOurs(Path path) throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid");
    return owner.equals(0)
        || Files.getOwner(path).getName().equals(System.getProperty("user.name"))
        || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static String belongs(Path path) throws IOException {
    return path
        + " belongs to "
        + Files.getOwner(path).getName()
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
