package de.lifetimecircle.secrets.agent.sockets;

import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/**
 * The place of a Unix socket. Another user who can replace the socket would answer the clients, and
 * could lead the agent to change the mode of any file. Stateless; blocks for the file system.
 */
public final class SocketPlace {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private SocketPlace() {}

  /**
   * Makes the folder, and removes the socket of an agent of this user that was killed.
   *
   * @throws IOException if another user can change the place, or there is anything else; its
   *     message begins with the path
   */
  public static void prepare(Path path) throws IOException {
    Path folder = Objects.requireNonNullElse(path.getParent(), path);
    Path existing = folder;
    while (Files.notExists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    List<String> problems = TrustedPath.folderProblems(existing);
    if (!problems.isEmpty()) {
      throw new IOException(path + ": another user can replace it: " + String.join("; ", problems));
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      requireLeft(path);
      Files.delete(path);
    }
  }

  /** A file, a FIFO or a device refuses a connection as a dead socket does. */
  private static void requireLeft(Path path) throws IOException {
    boolean isSocket =
        Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
            && (mode & TYPE) == SOCKET;
    if (!isSocket) {
      throw new IOException(path + ": it exists and is no socket");
    }
    if (!TrustedPath.isOwn(path)) {
      throw new IOException(
          path
              + ": it is a socket of "
              + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()
              + "; if its program has ended, run 'rm "
              + path
              + "'");
    }
    try (SocketChannel alive = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException(alive.getRemoteAddress() + ": another program listens on it");
    } catch (ConnectException e) { // left behind by one that was killed
      return;
    }
  }
}
