package de.lifetimecircle.secrets.agent;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

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
    Way way = Way.to(file);
    for (Path link : way.links()) {
      // In a folder as /tmp, a link leads wherever its owner wants.
      if (isWritableByOthers(folderOf(link)) && !isOurs(link, LinkOption.NOFOLLOW_LINKS)) {
        problems.add(belongs(link, LinkOption.NOFOLLOW_LINKS));
      }
    }
    for (Path folder : way.folders()) {
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

  /**
   * The folders and links that the system passes when it opens a file. A link can lead to another
   * link, in a folder that is part of neither the path nor the file's real path.
   */
  private record Way(Set<Path> folders, Set<Path> links) {
    /** As many as Linux follows: its constant MAXSYMLINKS. */
    private static final int MOST_LINKS = 40;

    private static final Path ROOT = Path.of("/");

    static Way to(Path file) throws IOException {
      Way way = new Way(new LinkedHashSet<>(), new LinkedHashSet<>());
      Deque<Path> left = new ArrayDeque<>();
      file.toAbsolutePath().forEach(left::add);
      Path place = ROOT;
      int followed = 0;
      while (!left.isEmpty()) {
        Path name = left.remove();
        if (name.toString().equals("..")) {
          place = folderOf(place);
          continue;
        }
        way.folders.add(place);
        place = place.resolve(name).normalize();
        if (Files.isSymbolicLink(place)) {
          way.links.add(place);
          if (++followed > MOST_LINKS) {
            throw new FileSystemLoopException(file.toString());
          }
          Path target = Files.readSymbolicLink(place);
          place = target.isAbsolute() ? ROOT : folderOf(place);
          List<Path> names = new ArrayList<>();
          target.forEach(names::add);
          Collections.reverse(names);
          names.forEach(left::addFirst);
        }
      }
      if (Files.notExists(place)) {
        throw new NoSuchFileException(file.toString());
      }
      return way;
    }
  }

  /** Returns whether a file or folder belongs to root or to the user of this process. */
  static boolean isOurs(Path path, LinkOption... options) throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid", options);
    return owner.equals(0)
        || Files.getOwner(path, options).getName().equals(System.getProperty("user.name"))
        || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static Path folderOf(Path path) {
    return Objects.requireNonNullElse(path.getParent(), path);
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
