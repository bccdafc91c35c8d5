package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * Decides whether the program behind a socket may receive a passphrase. Stateless.
 *
 * <p>It asks the system which account listens on the connected socket. The owner of the socket's
 * file would prove less: anyone who can write to its folder could replace the file after the check.
 */
final class AgentPeer {
  private AgentPeer() {}

  /** Refuses a program of another account. */
  static void requireOurs(Path socket, SocketChannel channel) throws IOException {
    UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (!peer.equals(us())) {
      throw new PgpFailure(
          Reason.FOREIGN_AGENT,
          "use gpg-agent at " + socket,
          "the program there runs as the account "
              + peer.getName()
              + ", not as ours, and would receive the passphrase",
          "Set gpg.agent-socket to the output of 'gpgconf --list-dirs agent-socket'");
    }
  }

  private static UserPrincipal us() throws IOException {
    Path process = Path.of("/proc/self");
    if (Files.exists(process)) {
      return Files.getOwner(process);
    }
    Path ours = Files.createTempFile("owner", null);
    try {
      return Files.getOwner(ours);
    } finally {
      Files.delete(ours);
    }
  }
}
