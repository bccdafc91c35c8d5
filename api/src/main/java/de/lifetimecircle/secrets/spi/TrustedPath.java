package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
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
 * Checks that only root and the user of this process can change a file, and every folder and link
 * on the way to it: whoever can rename an entry of a folder on the way can replace the file.
 * Stateless; blocks for the file system.
 *
 * <pre>{@code
 * List<String> problems = TrustedPath.problems(Path.of("/etc/example/key.asc"));
 * if (!problems.isEmpty()) {
 *   throw StoreFailure.of(
 *       SecretException.Kind.CONFIGURATION, String.join("; ", problems), null);
 * }
 * }</pre>
 */
public final class TrustedPath {
  /** With this bit only the owner of a file may replace it, as in {@code /tmp}. */
  private static final int STICKY = 01000;

  private static final Path SELF = Path.of("/proc/self");

  private static final Path GROUPS = Path.of("/etc/group");

  private static final Path ROOT = Path.of("/");

  /** Folders and links of the system, which no user can make. */
  private static final Set<Path> OF_THE_SYSTEM =
      Set.of(
          ROOT,
          Path.of("/dev"),
          Path.of("/dev/shm"),
          Path.of("/run"),
          Path.of("/tmp"),
          Path.of("/var"),
          Path.of("/var/run"));

  private TrustedPath() {}

  /**
   * Tells whether this process may write everywhere: others could then use it for files that they
   * cannot write themselves.
   *
   * @return true for the user id 0, and if the id cannot be read
   */
  public static boolean isRoot() {
    try { // by the number: root may have another name, or none in an image without accounts
      return Files.exists(SELF)
          ? Files.getAttribute(SELF, "unix:uid").equals(0)
          : ourName().equals("root");
    } catch (IOException e) {
      return true; // then the stricter rules hold
    }
  }

  /**
   * Tells whether a file belongs to the user of this process.
   *
   * @param file a file or folder; a link is not followed
   * @return false for a file of root, unless this process is root
   * @throws IOException if the file does not exist, or its owner cannot be read
   */
  public static boolean isOwn(Path file) throws IOException {
    return isOfThisUser(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Looks for reasons not to trust the content of a file.
   *
   * @param file an existing file; links are followed, and every folder on the way counts
   * @return one text for each reason, with the remedy; empty if the file can be trusted
   * @throws IOException if the file does not exist, or its owner or mode cannot be read
   */
  public static List<String> problems(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    if (isWritableByOthers(file)) {
      problems.add(othersWrite(file));
    }
    if (!isOurs(file)) {
      problems.add(belongs(file));
    }
    problems.addAll(placeProblems(file));
    return problems;
  }

  /**
   * Looks for reasons why others could lead a new file of this folder elsewhere, or replace it.
   *
   * @param folder an existing folder; links are followed
   * @return one text for each reason, with the remedy; empty if no other user can, and on a system
   *     without owners and modes of POSIX
   * @throws IOException if the folder does not exist, or an owner or mode cannot be read
   */
  public static List<String> folderProblems(Path folder) throws IOException {
    return isPosix(folder) ? placeProblems(folder.resolve(".")) : List.of();
  }

  /**
   * Fails if this process is root and a link on the way to a file, or in its place, belongs to
   * another user, who can lead it to any file of root. The file and its last folders need not
   * exist. This is for files without values, as those of a repository, which root may write in a
   * folder of another user: containers mount these.
   *
   * @param file the file to write
   * @throws SecretException {@code CONFIGURATION} if a link belongs to another user; names it
   * @throws IOException if the way cannot be read
   */
  public static void requireNoForeignLink(Path file) throws IOException {
    if (!isRoot() || !isPosix(file)) {
      return;
    }
    for (Path link : Way.to(file).links()) {
      if (!isOurs(link, LinkOption.NOFOLLOW_LINKS)) {
        String user = Files.getOwner(link, LinkOption.NOFOLLOW_LINKS).getName();
        throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the file")
            .name(file.toString())
            .reason(link + " is a link of " + user + ", who can lead it to any file of root")
            .advice(
                "Run it again with 'sudo -u "
                    + (user.matches("\\d+") ? "\\#" : "")
                    + user
                    + "' before it, or name the file that the link leads to")
            .build();
      }
    }
  }

  private static String othersWrite(Path place) {
    return place + ": others can write it (expected: run 'chmod go-w " + place + "')";
  }

  /**
   * Returns every reason why others could put another file or folder in the place of this one; none
   * if no other user can.
   *
   * @throws IOException if the file does not exist, or an owner or mode cannot be read
   */
  static List<String> placeProblems(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    Way way = Way.to(file);
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString());
    }
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
        problems.add(othersWrite(folder));
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
      return way;
    }
  }

  /** Returns whether a file or folder belongs to root or to the user of this process. */
  private static boolean isOurs(Path path, LinkOption... options) throws IOException {
    return Files.getAttribute(path, "unix:uid", options).equals(0)
        || isOfThisUser(path, options)
        || isOfTheSystem(path, options);
  }

  /**
   * In a user namespace, such as that of a sandbox, root's own folders belong to the number of
   * nobody, and so does what other users own: there only the place tells.
   */
  private static boolean isOfTheSystem(Path path, LinkOption... options) throws IOException {
    return OF_THE_SYSTEM.contains(path)
        && Files.getAttribute(path, "unix:uid", options)
            .equals(Files.getAttribute(ROOT, "unix:uid"));
  }

  private static boolean isOfThisUser(Path path, LinkOption... options) throws IOException {
    // By the number: a container's user may have no name, and -Duser.name can be any other name.
    return Files.exists(SELF)
        ? Files.getAttribute(path, "unix:uid", options).equals(Files.getAttribute(SELF, "unix:uid"))
        : Files.getOwner(path, options).getName().equals(ourName());
  }

  private static String ourName() {
    return System.getProperty("user.name", "");
  }

  private static Path folderOf(Path path) {
    return Objects.requireNonNullElse(path.getParent(), path);
  }

  private static String belongs(Path path, LinkOption... options) throws IOException {
    return path
        + " belongs to "
        + Files.getOwner(path, options).getName()
        + " (expected: root"
        + (isRoot() ? ")" : " or " + ourName() + ")");
  }

  private static boolean isWritableByOthers(Path path) throws IOException {
    PosixFileAttributes now = Files.readAttributes(path, PosixFileAttributes.class);
    return now.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        || (now.permissions().contains(PosixFilePermission.GROUP_WRITE) && !hasOwnGroup(now));
  }

  /**
   * Returns whether the group is the one that {@code useradd} makes for a single user, who then has
   * the umask 002. The same rule as that of {@code pam_umask}, and no other user may have joined.
   */
  private static boolean hasOwnGroup(PosixFileAttributes now) {
    String group = now.group().getName();
    return now.owner().getName().equals(group) && !group.equals("root") && hasNoMembers(group);
  }

  private static boolean hasNoMembers(String group) {
    try {
      return Files.readAllLines(GROUPS).stream()
          .anyMatch(line -> line.startsWith(group + ":") && line.endsWith(":"));
    } catch (IOException e) {
      return false; // its members are unknown
    }
  }

  private static boolean isSticky(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:mode") instanceof Number mode
        && (mode.intValue() & STICKY) != 0;
  }

  /** In a chroot whose root is no mount point, the JDK finds no store for a folder. */
  private static boolean isReadOnly(Path folder) {
    try {
      return Files.getFileStore(folder).isReadOnly();
    } catch (IOException e) {
      return false; // then the stricter rule holds
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }
}
