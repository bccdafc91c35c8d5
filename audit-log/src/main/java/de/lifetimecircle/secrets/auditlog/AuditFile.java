package de.lifetimecircle.secrets.auditlog;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The file of an audit log, to which several processes may append.
 *
 * <p>Each line is one write to a file that was opened for appending, which the file systems of an
 * operating system do not mix with another's; not so a file on NFS. The file is opened for each
 * line: that takes microseconds beside a call of a backend, and a file that was renamed (by
 * logrotate) is left alone without a signal. A line that a full disk cut off stays as a line of its
 * own: no other thread of this process writes before that is done. Another process may, if its line
 * finds room by then, and that line begins behind the rest of the one that was cut off. Safe for
 * use by several threads.
 */
final class AuditFile {
  /** By path, for all that one process opens. */
  private static final ConcurrentMap<Path, End> ENDS = new ConcurrentHashMap<>();

  private final Path path;
  private final FileAttribute<?>[] attributes;
  private final End end;

  /** How this process left the end of a file; its monitor is held for a write and its repair. */
  private static final class End {
    /** Whether the last line was cut off and has no line break. */
    private boolean isCutOff;
  }

  private AuditFile(Path path) {
    this.path = path;
    this.attributes = OwnerOnlyFiles.file(path);
    this.end = ENDS.computeIfAbsent(path.normalize(), any -> new End());
  }

  /**
   * Makes the file where there is none, for its owner alone.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be written, if others can write it,
   *     or as {@link TrustedPath#requireNoForeignLink}
   */
  static AuditFile open(String name) {
    try {
      AuditFile file = new AuditFile(Path.of(name).toAbsolutePath());
      TrustedPath.requireNoForeignLink(file.path);
      file.make();
      new FileOutputStream(file.path.toFile(), true).close();
      if (file.attributes.length > 0 && Files.isRegularFile(file.path)) {
        requireOwn(file.path);
      }
      return file;
    } catch (InvalidPathException e) {
      throw problem(name, "a path");
    } catch (IOException e) {
      throw problem(name, "a file that can be written; " + reason(e));
    }
  }

  private static void requireOwn(Path path) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    if (rights.contains(PosixFilePermission.GROUP_WRITE)
        || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw problem(path.toString(), "one that only its owner can write; run chmod go-w on it");
    }
  }

  private static SecretException problem(String name, String expected) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "use the configuration")
        .problems(List.of("audit.log: " + name + " (expected: " + expected + ")"))
        .build();
  }

  /** Returns the system's reason as text, without the path that its own text begins with. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    return FileFailure.reason(e);
  }

  /**
   * Appends one line; blocks for the file system. By a stream, since a channel gives up in a thread
   * that was interrupted, as one is whose call took too long.
   *
   * @throws IOException if not all of it was written
   */
  void append(String line) throws IOException {
    synchronized (end) {
      make();
      byte[] bytes = ((end.isCutOff ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8);
      try (FileOutputStream out = new FileOutputStream(path.toFile(), true)) {
        try {
          out.write(bytes);
          end.isCutOff = false;
        } catch (IOException e) {
          end.isCutOff = !isEnded(bytes);
          throw e;
        }
      }
    }
  }

  /**
   * Ends the line that a full disk has cut, and returns whether the next line can follow. Its last
   * byte becomes the line break: that needs no room, and harms no line that another process appends
   * meanwhile.
   */
  boolean isEnded(byte[] line) {
    if (!Files.isRegularFile(path)) { // a pipe cannot be read back
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long length = file.length();
      byte[] tail = new byte[(int) Math.min(line.length, length)];
      file.seek(length - tail.length);
      file.readFully(tail);
      int start = tail.length;
      while (start > 0 && tail[start - 1] != '\n') {
        start--;
      }
      if (start == tail.length) { // the disk took nothing
        return true;
      }
      if (!Arrays.equals(tail, start, tail.length, line, 0, tail.length - start)) {
        return false; // another process has the end of the file
      }
      file.seek(length - 1);
      file.write('\n');
      return true;
    } catch (IOException e) { // the next line begins with a line break instead
      return false;
    }
  }

  /** For its owner alone from the first moment on. */
  private void make() throws IOException {
    if (!Files.exists(path)) {
      try {
        Files.createFile(path, attributes);
      } catch (FileAlreadyExistsException e) { // another process was first
        return;
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
