package de.lifetimecircle.secrets.agent.files;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.http.DirectBuffers;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * One file that holds the current value of a secret. Immutable.
 *
 * @param path the file
 * @param name the secret
 * @param owner the user it belongs to; empty for the agent's own
 * @param group its group; empty for the agent's own
 * @param mode its rights
 */
record FileTarget(
    Path path,
    String name,
    Optional<String> owner,
    Optional<String> group,
    Set<PosixFilePermission> mode) {
  /** How the files begin that are not complete yet. */
  static final String PARTIAL = ".secrets-agent-";

  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  FileTarget {
    mode = Set.copyOf(mode);
  }

  /**
   * Checks that the folder is in memory and that no other user can put files there.
   *
   * @return the problem; empty if there is none
   */
  Optional<String> problem() {
    Path folder = folder();
    try {
      if (!Files.isDirectory(folder)) {
        return Optional.of(folder + " is no folder (expected: one on tmpfs, as /run/NAME)");
      }
      String type = fileSystem(folder);
      if (!IN_MEMORY.contains(type)) {
        return Optional.of(
            folder + " is on " + type + " (expected: tmpfs, since a disk keeps deleted bytes)");
      }
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
      if (rights.contains(PosixFilePermission.GROUP_WRITE)
          || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
        return Optional.of(
            folder + ": others can write it (expected: run 'chmod go-w " + folder + "')");
      }
      // Whoever owns the folder can put a link in the way of an agent that may change owners.
      return TrustedPath.folderProblems(folder).stream().findFirst();
    } catch (IOException e) {
      return Optional.of(folder + ": " + FileFailure.reason(e));
    }
  }

  /** In a chroot whose root is no mount point, the JDK finds no file system for a folder. */
  private static String fileSystem(Path folder) {
    try {
      return Files.getFileStore(folder).type();
    } catch (IOException e) {
      return "a file system that /proc/self/mountinfo lacks";
    }
  }

  Path folder() {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  /** Work with a file that is not complete yet. */
  private interface Work {
    void with(Path partial) throws IOException;
  }

  /**
   * Checks what can be checked without the value: that a file of that owner and mode can be there.
   *
   * @throws IOException if it cannot
   */
  void requireWritable() throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is a folder");
    }
    withPartial(this::give);
  }

  /**
   * Replaces the file in one step: readers see the old value or the new one, each with its owner
   * and mode.
   */
  void write(SecretValue value) throws IOException {
    withPartial(
        partial -> {
          try (FileChannel channel =
              FileChannel.open(partial, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            int unused =
                value.<Integer, IOException>useBytes(borrowed -> writeAll(channel, borrowed));
          }
          give(partial);
          Files.move(
              partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  private void withPartial(Work work) throws IOException {
    Optional<String> problem = problem(); // the folder may have changed since the list was read
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    Path partial =
        Files.createTempFile(
            folder(),
            PARTIAL,
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      work.with(partial);
    } finally { // also after an Error: it may hold the value, and nothing else removes it
      Files.deleteIfExists(partial);
    }
  }

  private static int writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    DirectBuffers.write(channel, bytes);
    return length;
  }

  private void give(Path partial) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(
            partial, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    var principals = partial.getFileSystem().getUserPrincipalLookupService();
    try {
      // The group before the mode, or the agent's own group could read the value for a moment.
      if (group.isPresent()) {
        view.setGroup(principals.lookupPrincipalByGroupName(group.get()));
      }
      view.setPermissions(mode);
      // The owner last: the agent may have no right on the file afterwards.
      if (owner.isPresent()) {
        view.setOwner(principals.lookupPrincipalByName(owner.get()));
      }
    } catch (FileSystemException e) {
      throw new IOException(
          "the agent may not give it to "
              + owner.orElse("its user")
              + group.map(g -> ":" + g).orElse("")
              + "; give the agent the capability CAP_CHOWN, or leave the owner out",
          e);
    }
  }
}
