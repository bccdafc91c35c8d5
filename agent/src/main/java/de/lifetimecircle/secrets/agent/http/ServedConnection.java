package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One connection: reads a request, writes its answer, and again. Its own thread serves it; other
 * threads may look at it and close it.
 */
final class ServedConnection {
  private static final Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");

  /** How many pieces of a refused request are read. */
  private static final int MAX_DRAINED = 128;

  /**
   * The kernel's memory for bytes that a client has not taken; Linux doubles it. On its own Linux
   * lets it grow to megabytes for each connection, and they count as the memory of the service.
   */
  private static final int SEND_BUFFER = 128 * 1024;

  /** The phases of a connection; each has a limit of time, except the answer. */
  private enum Phase {
    WAITING,
    READING,
    ANSWERING,
    WRITING
  }

  /** A phase with the moment when it began; one object, so that others see both together. */
  private record Progress(Phase phase, long since) {}

  private final SocketChannel channel;
  private final ServerLimits limits;
  private final AgentMetrics metrics;
  private final BytesUnderWay requests;
  private final BytesUnderWay answers;
  private volatile Progress progress;
  private volatile boolean ending;

  /** Whose connection it is; empty until the user was looked up. */
  private volatile String user = "";

  /**
   * Serves a channel.
   *
   * @param requests room for what arrives
   * @param answers room for answers
   */
  ServedConnection(
      SocketChannel channel,
      ServerLimits limits,
      AgentMetrics metrics,
      BytesUnderWay requests,
      BytesUnderWay answers) {
    this.channel = channel;
    this.limits = limits;
    this.metrics = metrics;
    this.requests = requests;
    this.answers = answers;
    // A new connection owes its request at once: it has not earned the longer wait of an idle one.
    this.progress = new Progress(Phase.READING, System.nanoTime());
  }

  /** Finds out who is at the other end; may take milliseconds. */
  PeerSocket peer(TcpPeerLookup owners) throws IOException {
    boolean isUnix = channel.getLocalAddress() instanceof UnixDomainSocketAddress;
    if (!isUnix) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    }
    return isUnix ? PeerSocket.unix(channel) : PeerSocket.tcp(channel, owners);
  }

  /** Says whose connection it is; from now on it counts as one of this user's. */
  void belongTo(String owner) {
    this.user = owner;
  }

  /** Returns whose connection it is; empty until the user was looked up. */
  String user() {
    return user;
  }

  void serve(AgentServer.Handler handler, PeerSocket peer) {
    try (RequestReader reader = new RequestReader(channel)) {
      boolean goesOn = reader.await();
      while (goesOn) {
        goesOn = one(reader, handler, peer) && waitForNext(reader);
      }
    } catch (IOException e) { // the client has gone, or its time was over
      LOG.log(Logger.Level.TRACE, "A connection ended early: {0}", e.toString());
    }
  }

  private boolean waitForNext(RequestReader reader) throws IOException {
    to(Phase.WAITING);
    return !ending && reader.await();
  }

  private boolean one(RequestReader reader, AgentServer.Handler handler, PeerSocket peer)
      throws IOException {
    to(Phase.READING);
    try (BytesUnderWay.Held arriving = requests.of(user)) {
      HttpRequest request = reader.read(size -> take(arriving, size));
      try (BytesUnderWay.Held room = answers.of(user)) {
        return answer(request, handler, peer, room);
      }
    } catch (RequestRefused e) {
      metrics.refusedConnection();
      write(e.answer(), HttpAnswer.Ending.CLOSE);
      drain();
      return false;
    }
  }

  /** Waits for room, which is no time of the client's. */
  private boolean take(BytesUnderWay.Held arriving, long size) {
    to(Phase.ANSWERING);
    boolean isTaken = arriving.take(size);
    to(Phase.READING);
    return isTaken;
  }

  private boolean answer(
      HttpRequest request, AgentServer.Handler handler, PeerSocket peer, BytesUnderWay.Held room)
      throws IOException {
    to(Phase.ANSWERING);
    HttpAnswer answer = answerOf(handler, request, peer, room);
    boolean isLast = ending || request.endsConnection();
    write(
        request.isHead() ? answer.withoutBody() : answer,
        isLast ? HttpAnswer.Ending.CLOSE : HttpAnswer.Ending.KEEP);
    return !isLast;
  }

  /** Takes the rest of a refused request: closing with unread bytes would reset the answer away. */
  private void drain() throws IOException {
    channel.shutdownOutput();
    ByteBuffer rest = DirectBuffers.take();
    try {
      for (int i = 0; i < MAX_DRAINED && channel.read(rest.clear()) >= 0; i++) {
        rest.clear();
      }
    } finally {
      DirectBuffers.giveBack(rest);
    }
  }

  private static HttpAnswer answerOf(
      AgentServer.Handler handler, HttpRequest request, PeerSocket peer, BytesUnderWay.Held room) {
    try {
      return handler.answer(request, peer, room);
    } catch (RuntimeException e) {
      // The text of an unforeseen failure may hold anything: the log gets its type only.
      LOG.log(Logger.Level.ERROR, "Cannot answer a request: {0}.", e.getClass().getName());
      return HttpAnswer.text(503, "Cannot answer: a bug in the agent; see its log.\n")
          .with("Retry-After", "1");
    }
  }

  private void write(HttpAnswer answer, HttpAnswer.Ending ending) throws IOException {
    to(Phase.WRITING);
    answer.writeTo(channel, ending);
  }

  private void to(Phase phase) {
    progress = new Progress(phase, System.nanoTime());
  }

  /**
   * Tells the client that there is no room, without waiting for its request. The connection stays
   * open a little, for {@link #discard}: closing with unread bytes would reset the answer away.
   *
   * @param who the agent or the user, with its verb
   */
  void refuse(String who) {
    try {
      channel.configureBlocking(false);
      HttpAnswer.text(503, "Cannot answer: " + who + " as many connections as it may.\n")
          .with("Retry-After", "1")
          .writeTo(channel, HttpAnswer.Ending.CLOSE);
      channel.shutdownOutput();
      to(Phase.READING);
    } catch (IOException e) {
      LOG.log(Logger.Level.TRACE, "A refused connection ended early: {0}", e.toString());
      close();
    } catch (RuntimeException | Error e) { // such as no memory left: no other code would close it
      close();
      throw e;
    }
  }

  /** Takes what a refused client has sent by now; false once it has ended. */
  boolean discard() {
    ByteBuffer rest = DirectBuffers.take();
    try {
      return channel.isOpen() && channel.read(rest) >= 0;
    } catch (IOException e) {
      return false;
    } finally {
      DirectBuffers.giveBack(rest);
    }
  }

  boolean isIdle() {
    return progress.phase() == Phase.WAITING;
  }

  int compareAge(ServedConnection other) {
    return Long.signum(progress.since() - other.progress.since());
  }

  boolean isLate(long now) {
    Progress current = progress;
    Duration most =
        switch (current.phase()) {
          case WAITING -> limits.idle();
          case READING -> hurried(limits.request(), requests);
          case WRITING -> hurried(limits.write(), answers);
          case ANSWERING -> null;
        };
    return most != null && now - current.since() > most.toNanos();
  }

  /** A client that is slow may be so at its own cost only. */
  private Duration hurried(Duration usual, BytesUnderWay bytes) {
    return usual.compareTo(ServerLimits.HURRY) > 0 && bytes.isAwaitedOf(user)
        ? ServerLimits.HURRY
        : usual;
  }

  /** Closes the connection now if it waits, else after its answer. */
  void end() {
    ending = true;
    if (isIdle()) {
      close();
    }
  }

  void close() {
    closeQuietly(channel);
  }

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOG.log(Logger.Level.TRACE, "A channel did not close: {0}", e.toString());
    }
  }
}
