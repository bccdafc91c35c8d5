package de.lifetimecircle.secrets.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection: what the operating system, and not the client, says about it. Safe
 * for use by several threads.
 */
interface PeerSocket {
  /** The program behind a connection that nobody can find. */
  String UNKNOWN = "unknown";

  /** Whether the connection came over a Unix socket. */
  boolean isUnix();

  /** Returns the name of the user who owns the other end; empty if nobody knows. */
  Optional<String> user();

  /**
   * Whether the other end is a program of this host whose user cannot be found, such as one that
   * has closed its socket already. A client of another host or network namespace hides nothing.
   */
  default boolean isHidden() {
    return false;
  }

  /** Returns the program at the other end; {@link #UNKNOWN} if nobody knows. May take a while. */
  String program();

  /** Returns the peer of a Unix socket, whose user the kernel tells. */
  static PeerSocket unix(SocketChannel channel) throws IOException {
    String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    return new PeerSocket() {
      @Override
      public boolean isUnix() {
        return true;
      }

      @Override
      public Optional<String> user() {
        return Optional.of(user);
      }

      @Override
      public String program() {
        return UNKNOWN; // the JDK does not pass on the process id of SO_PEERCRED
      }
    };
  }

  /** Returns the peer of a TCP connection, whose owner the table of sockets tells. */
  static PeerSocket tcp(SocketChannel channel, SocketOwners owners) throws IOException {
    InetSocketAddress theirs = (InetSocketAddress) channel.getRemoteAddress();
    InetSocketAddress ours = (InetSocketAddress) channel.getLocalAddress();
    Optional<SocketOwners.Owner> owner = owners.of(theirs, ours);
    boolean isHidden = owner.isEmpty() && owners.areToldOf(theirs);
    return new PeerSocket() {
      // Looked for once, and by the thread of the connection only.
      private @Nullable String program;

      @Override
      public boolean isUnix() {
        return false;
      }

      @Override
      public Optional<String> user() {
        return owner.map(SocketOwners.Owner::user);
      }

      @Override
      public boolean isHidden() {
        return isHidden;
      }

      @Override
      public String program() {
        if (program == null) {
          program = owner.flatMap(owners::program).orElse(UNKNOWN);
        }
        return program;
      }
    };
  }
}
