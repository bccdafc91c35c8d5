package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A small server of HTTP/1.1 for the programs of one host, over TCP and Unix sockets alike.
 *
 * <p>A thread for each connection: a cached read then never changes threads, and a read that waits
 * for the backend holds up no other reader. One more thread closes connections that are past their
 * time, because a blocking channel has no timeout of its own.
 *
 * <p>A connection takes a place once its user is known. Until then, each listener accepts a few and
 * leaves the rest to the kernel, so that no user gets places by connecting in a loop.
 *
 * <p>Where the number of connections is reached, one is closed that waits for a request: of the
 * user with the most connections the one that has been idle longest. If none is idle, the new one
 * is refused with 503. Each user has a limit as well; all connections of unknown users share one.
 * So a user who takes all he can leaves room for others. The same holds for the memory of requests
 * and answers ({@link BytesUnderWay}). Safe for use by several threads; {@code admission} guards
 * the decision about a user.
 */
public final class AgentServer implements AutoCloseable {
  /** Answers requests. Safe for use by several threads; throws nothing that it can foresee. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request.
     *
     * @param room for the bytes of the answer, which are taken before they are made
     */
    HttpAnswer answer(HttpRequest request, PeerSocket peer, BytesUnderWay.Held room);
  }

  private static final Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");

  /** How often late connections are closed; they may live that much longer than their time. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Enough for a read that loads from a backend, TLS included. */
  private static final long STACK = 512 * 1024;

  private static final int MOST_REFUSED = 256;

  /** How many connections of a listener may wait for a look at who is at their other end. */
  private static final int MOST_LOOKUPS = 32;

  /** How many connections the kernel keeps until they are accepted. */
  private static final int BACKLOG = 128;

  /** How often a port is chosen that is free on both addresses of localhost. */
  private static final int MOST_TRIES = 16;

  private final ServerLimits limits;
  private final AgentMetrics metrics;
  private final TcpPeerLookup owners;
  private final BytesUnderWay requests;
  private final BytesUnderWay answers;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();

  /** The second addresses of localhost, which the options do not name. */
  private final Map<InetSocketAddress, Handler> others = new ConcurrentHashMap<>();

  private final ConcurrentHashMap.KeySetView<ServedConnection, Boolean> served =
      ConcurrentHashMap.newKeySet();

  /** Connections that got their refusal, until the client has read it. */
  private final ConcurrentHashMap.KeySetView<ServedConnection, Boolean> refused =
      ConcurrentHashMap.newKeySet();

  private final Object admission = new Object();
  private volatile boolean closed;

  public AgentServer(ServerLimits limits, AgentMetrics metrics, TcpPeerLookup owners) {
    this.limits = limits;
    this.metrics = metrics;
    this.owners = owners;
    this.requests = new BytesUnderWay(limits.requests(), ServerLimits.PATIENCE);
    this.answers = new BytesUnderWay(limits.answers(), ServerLimits.PATIENCE);
    thread("agent-deadlines", this::watch).start();
  }

  /**
   * Listens on an address of TCP, and for one address of localhost on the other one too: clients
   * that name localhost may try either first, and whoever had the other one would get their tokens.
   *
   * @return the address with the port that was chosen for 0
   * @throws IOException names the address that another process has
   */
  public InetSocketAddress listen(InetSocketAddress address, Handler handler) throws IOException {
    if (handler.equals(others.get(address))) {
      return address;
    }
    for (int tries = 1; ; tries++) {
      ServerSocketChannel listener = bound(address);
      InetSocketAddress local = (InetSocketAddress) listener.getLocalAddress();
      try {
        Optional<InetAddress> other = otherOfLocalhost(address.getAddress());
        if (other.isPresent()) {
          InetSocketAddress same = new InetSocketAddress(other.get(), local.getPort());
          start(bound(same), handler);
          others.put(same, handler);
        }
      } catch (IOException | RuntimeException e) {
        listener.close();
        if (address.getPort() == 0 && tries < MOST_TRIES) {
          continue; // a port that was free on one of them only
        }
        throw e;
      }
      start(listener, handler);
      return local;
    }
  }

  /** Returns the address that localhost means as well, if this host has it. */
  private static Optional<InetAddress> otherOfLocalhost(InetAddress address) throws IOException {
    InetAddress v4 = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    byte[] one = new byte[16];
    one[15] = 1;
    InetAddress v6 = InetAddress.getByAddress(one);
    InetAddress other = address.equals(v4) ? v6 : v4;
    return (address.equals(v4) || address.equals(v6))
            && NetworkInterface.getByInetAddress(other) != null
        ? Optional.of(other)
        : Optional.empty();
  }

  /** Returns an address and its port as people write them. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String plain = address.getAddress().isLoopbackAddress() && host.contains(":") ? "::1" : host;
    return (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + address.getPort();
  }

  /** Listens on a Unix socket; the caller has made sure that no other process does. */
  public void listen(UnixDomainSocketAddress address, Handler handler) throws IOException {
    start(bound(address), handler);
  }

  private static ServerSocketChannel bound(SocketAddress address) throws IOException {
    boolean isTcp = address instanceof InetSocketAddress;
    ServerSocketChannel listener =
        isTcp ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (isTcp) {
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      return listener.bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) { // its text does not name the address
      listener.close();
      String name = address instanceof InetSocketAddress tcp ? text(tcp) : address.toString();
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  private void start(ServerSocketChannel listener, Handler handler) {
    synchronized (listeners) {
      listeners.add(listener);
    }
    thread("agent-accept", () -> accept(listener, handler)).start();
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, STACK);
    thread.setDaemon(true);
    return thread;
  }

  private void accept(ServerSocketChannel listener, Handler handler) {
    Semaphore lookups = new Semaphore(MOST_LOOKUPS);
    while (!closed) {
      lookups.acquireUninterruptibly(); // meanwhile the kernel keeps those who connect
      boolean isServed = false;
      try {
        isServed = serve(listener.accept(), handler, lookups);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException | Error e) { // such as no descriptors or heap left
        LOG.log(Logger.Level.WARNING, "Cannot accept a connection: {0}.", e.toString());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      } finally {
        if (!isServed) {
          lookups.release();
        }
      }
    }
  }

  /**
   * Starts the thread of a connection, which releases its lookup; false if there is no thread, or
   * this server has ended: the kernel takes connections until the thread that accepts has woken up.
   */
  private boolean serve(SocketChannel channel, Handler handler, Semaphore lookups) {
    ServedConnection connection = new ServedConnection(channel, limits, metrics, requests, answers);
    served.add(connection);
    if (closed) { // asked after the line above, so that close() ends all for which it was false
      served.remove(connection);
      connection.close();
      return false;
    }
    try {
      thread("agent-connection", () -> run(connection, handler, lookups)).start();
      return true;
    } catch (OutOfMemoryError e) { // no thread left
      served.remove(connection);
      metrics.refusedConnection();
      connection.close();
      return false;
    }
  }

  private void refuse(ServedConnection connection, String who) {
    metrics.refusedConnection();
    if (refused.size() < MOST_REFUSED) {
      connection.refuse(who);
      // Only now: until it is non-blocking, a look at it would block the deadlines of all.
      refused.add(connection);
    } else {
      connection.close();
    }
  }

  private void run(ServedConnection connection, Handler handler, Semaphore lookups) {
    Optional<String> refusal = Optional.empty();
    try {
      PeerSocket peer = peer(connection, lookups);
      refusal = refusal(connection, peer.user().orElse(PeerSocket.UNKNOWN));
      if (refusal.isEmpty()) {
        connection.serve(handler, peer);
      }
    } catch (IOException e) { // the client has gone
      LOG.log(Logger.Level.TRACE, "A connection ended early: {0}", e.toString());
    } catch (RuntimeException | Error e) { // its text may hold anything
      LOG.log(Logger.Level.ERROR, "A connection failed: {0}.", e.getClass().getName());
    } finally {
      served.remove(connection);
      refusal.ifPresentOrElse(who -> refuse(connection, who), connection::close);
    }
  }

  private PeerSocket peer(ServedConnection connection, Semaphore lookups) throws IOException {
    try {
      return connection.peer(owners);
    } finally {
      lookups.release();
    }
  }

  /**
   * Counts a connection as one of the user's, and makes room for it: first among the user's own, so
   * that a user who has his share costs no other user a connection.
   *
   * @return who has no room for it; empty if it is counted
   */
  private Optional<String> refusal(ServedConnection connection, String user) {
    Predicate<ServedConnection> isOwn = each -> each.user().equals(user);
    synchronized (admission) {
      if (served.stream().filter(isOwn).count() >= limits.ofUser() && !closeIdle(isOwn)) {
        return Optional.of("its user has");
      }
      long known = served.stream().filter(each -> !each.user().isEmpty()).count();
      if (known >= limits.connections() && !closeIdle(any -> true)) {
        return Optional.of("the agent serves");
      }
      connection.belongTo(user);
      return Optional.empty();
    }
  }

  /** Closes one of these connections that waits for a request; false if none does. */
  private boolean closeIdle(Predicate<ServedConnection> which) {
    Map<String, Long> counts =
        served.stream()
            .collect(Collectors.groupingBy(ServedConnection::user, Collectors.counting()));
    Comparator<ServedConnection> ofMost =
        Comparator.comparing(each -> -counts.getOrDefault(each.user(), 0L));
    Optional<ServedConnection> idle =
        served.stream()
            .filter(which.and(ServedConnection::isIdle))
            .min(ofMost.thenComparing(ServedConnection::compareAge));
    idle.ifPresent(
        oldest -> {
          served.remove(oldest);
          oldest.close();
        });
    return idle.isPresent();
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(LOOK.toNanos());
      try {
        closeLate(System.nanoTime());
      } catch (OutOfMemoryError e) { // closing late connections gives some back
        LOG.log(Logger.Level.WARNING, "Cannot look at the connections: {0}.", e.toString());
      }
    }
  }

  private void closeLate(long now) {
    for (ServedConnection each : served) {
      if (each.isLate(now)) {
        metrics.refusedConnection();
        each.close();
      }
    }
    for (ServedConnection each : refused) {
      if (!each.discard() || each.isLate(now)) {
        refused.remove(each);
        each.close();
      }
    }
  }

  /** Returns how many connections are served now. */
  public int connections() {
    return served.size();
  }

  /** Returns how many bytes of answers are under way now. */
  public long bytesOfAnswers() {
    return answers.bytes();
  }

  /** Ends the listeners at once, and the connections as soon as their answers are written. */
  @Override
  public void close() {
    closed = true;
    synchronized (listeners) {
      for (ServerSocketChannel listener : listeners) {
        ServedConnection.closeQuietly(listener);
      }
    }
    long end = System.nanoTime() + limits.write().toNanos();
    served.forEach(ServedConnection::end);
    while (!served.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    served.forEach(ServedConnection::close);
    refused.forEach(ServedConnection::close);
  }
}
