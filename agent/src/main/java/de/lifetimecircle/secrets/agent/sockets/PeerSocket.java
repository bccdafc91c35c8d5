package de.lifetimecircle.secrets.agent.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection: what the operating system, and not the client, says about it. Used
 * by the thread of the connection, and safe to share but for {@link #program}.
 */
public final class PeerSocket {
  /** The program behind a connection, if it cannot be found. */
  public static final String UNKNOWN = "unknown";

  private final boolean isUnix;
  private final Optional<String> user;
  private final boolean isHidden;
  private final Supplier<Optional<String>> look;
  private @Nullable String program;

  private PeerSocket(
      boolean isUnix, Optional<String> user, boolean isHidden, Supplier<Optional<String>> look) {
    this.isUnix = isUnix;
    this.user = user;
    this.isHidden = isHidden;
    this.look = look;
  }

  /** Returns the peer of a Unix socket, whose user the kernel tells. */
  public static PeerSocket unix(SocketChannel channel) throws IOException {
    return unix(Optional.of(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName()));
  }

  /** Returns a peer of that user, whose program the JDK does not pass on from SO_PEERCRED. */
  public static PeerSocket unix(Optional<String> user) {
    return new PeerSocket(true, user, false, Optional::empty);
  }

  /** Returns the peer of a TCP connection, whose owner the table of sockets tells. */
  public static PeerSocket tcp(SocketChannel channel, TcpPeerLookup owners) throws IOException {
    InetSocketAddress theirs = (InetSocketAddress) channel.getRemoteAddress();
    InetSocketAddress ours = (InetSocketAddress) channel.getLocalAddress();
    Optional<TcpPeerLookup.Owner> owner = owners.of(theirs, ours);
    return new PeerSocket(
        false,
        owner.map(TcpPeerLookup.Owner::user),
        owner.isEmpty() && owners.areToldOf(theirs),
        () -> owner.flatMap(owners::program));
  }

  /** Whether the connection came over a Unix socket. */
  public boolean isUnix() {
    return isUnix;
  }

  /** Returns the name of the user who owns the other end; empty if that is unknown. */
  public Optional<String> user() {
    return user;
  }

  /**
   * Whether the other end is a program of this host whose user cannot be found, such as one that
   * has closed its socket already. A client of another host or network namespace hides nothing.
   */
  public boolean isHidden() {
    return isHidden;
  }

  /** Returns the program at the other end, or {@link #UNKNOWN}; the first look takes a while. */
  public String program() {
    if (program == null) {
      program = look.get().orElse(UNKNOWN);
    }
    return program;
  }
}
