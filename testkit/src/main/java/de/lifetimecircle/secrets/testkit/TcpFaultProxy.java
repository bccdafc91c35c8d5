package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on loopback for backends that do not speak HTTP: it forwards bytes in both directions and
 * fails on demand. {@link FaultProxy} is the one for HTTP, which also knows requests and answers.
 *
 * <p>Safe for use by several threads. States: forwarding; a fault is set; closed. Each connection
 * has two threads, one for each direction; the one towards the client reads the fault before each
 * piece. Lock order: no thread holds two locks; this object guards the listening socket.
 */
public final class TcpFaultProxy implements AutoCloseable {
  /** The faults that need no knowledge of the protocol. */
  public static final Set<Fault> FAULTS =
      Set.copyOf(
          EnumSet.of(
              Fault.REFUSED,
              Fault.RESET_EARLY,
              Fault.RESET,
              Fault.HALF_OPEN,
              Fault.LATENCY,
              Fault.SLOW_BODY,
              Fault.GARBAGE_BODY));

  private static final int PIECE = 8192;
  private static final int SLOW_MILLIS = 500;

  private final InetSocketAddress upstream;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "tcp-fault-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> servers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final int port;
  private volatile @Nullable Fault fault;
  private volatile boolean closed;
  private ServerSocket listener;
  private Future<?> acceptor;

  private TcpFaultProxy(InetSocketAddress upstream) throws IOException {
    this.upstream = upstream;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    ServerSocket socket = listener;
    this.acceptor = threads.submit(() -> acceptAll(socket));
  }

  /** Starts a proxy in front of a server, on a free port of loopback. */
  public static TcpFaultProxy to(InetSocketAddress upstream) {
    try {
      return new TcpFaultProxy(upstream);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a proxy", e);
    }
  }

  /** Returns the address that clients connect to. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Returns how many connections were made. */
  public int connections() {
    return connections.get();
  }

  /** Returns how many connections are open. */
  public int openConnections() {
    return open.size();
  }

  /**
   * Makes every connection fail in this way from now on; open ones are closed.
   *
   * @throws IllegalArgumentException for a fault that is not in {@link #FAULTS}
   */
  public synchronized void inject(Fault wire) {
    if (!FAULTS.contains(wire)) {
      throw new IllegalArgumentException("fault: " + wire + " (expected: one of FAULTS)");
    }
    fault = wire;
    if (wire == Fault.REFUSED) {
      FaultProxy.quietly(listener);
      awaitAcceptor();
    }
    closeConnections();
  }

  /** Ends the fault; connections that suffered from it are closed. */
  public synchronized void clear() {
    Fault ended = fault;
    fault = null;
    closeConnections();
    if (ended == Fault.REFUSED && !closed) {
      try {
        ServerSocket socket = listen(port);
        listener = socket;
        acceptor = threads.submit(() -> acceptAll(socket));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot listen on port " + port + " again", e);
      }
    }
  }

  private void closeConnections() {
    open.forEach(FaultProxy::quietly);
    servers.forEach(FaultProxy::quietly);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    return socket;
  }

  /** Waits until the closed socket refuses connections; see {@link FaultProxy}. */
  private void awaitAcceptor() {
    try {
      Object unused = acceptor.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the proxy stopped listening", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The proxy did not stop listening", e);
    }
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.incrementAndGet();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException | RejectedExecutionException e) {
        // The listening socket was closed, by a fault or at the end: the loop sees it.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket()) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(upstream);
      servers.add(server);
      Future<?> back = threads.submit(() -> answer(server, client));
      ask(client, server);
      Object unused = back.get();
    } catch (IOException | ExecutionException | RejectedExecutionException e) {
      // One side hung up: that connection is over, which the other side notices.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the proxy was closed
    } finally {
      open.remove(client);
      servers.removeIf(Socket::isClosed);
    }
  }

  /** Forwards what the client sends. */
  private void ask(Socket client, Socket server) throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = server.getOutputStream();
    byte[] piece = new byte[PIECE];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      Fault now = fault;
      if (now == Fault.RESET_EARLY) {
        reset(client);
        return;
      }
      if (now != Fault.HALF_OPEN) {
        out.write(piece, 0, n);
        out.flush();
      }
    }
    if (fault != Fault.HALF_OPEN) { // nobody learns of an end there
      server.shutdownOutput();
    }
  }

  /** Forwards what the server sends, or what a fault makes of it. */
  private @Nullable Void answer(Socket server, Socket client) throws IOException {
    InputStream in = server.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] piece = new byte[PIECE];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (!answer(Arrays.copyOf(piece, n), client, out)) {
          return null;
        }
      }
      if (fault != Fault.HALF_OPEN) {
        client.shutdownOutput();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the proxy was closed
    }
    return null;
  }

  /** A slow network is what is asked for, so there is no event to wait for. */
  @OutsideTheRules
  private static void delay(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }

  /** Forwards a piece; returns whether the connection goes on. */
  private boolean answer(byte[] piece, Socket client, OutputStream out)
      throws IOException, InterruptedException {
    Fault now = fault;
    if (now == null) {
      out.write(piece);
      return true;
    }
    switch (now) {
      case HALF_OPEN -> {}
      case RESET -> {
        out.write(piece, 0, piece.length / 2);
        out.flush();
        reset(client);
        return false;
      }
      case LATENCY -> {
        delay(FaultProxy.LATENCY_MILLIS);
        out.write(piece);
      }
      case SLOW_BODY -> {
        for (byte each : piece) {
          out.write(each);
          out.flush();
          delay(SLOW_MILLIS);
        }
      }
      case GARBAGE_BODY -> {
        for (int i = 0; i < piece.length; i++) {
          out.write(~piece[i]);
        }
      }
      default -> out.write(piece);
    }
    return true;
  }

  /** Closes with a reset instead of an orderly end. */
  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      FaultProxy.quietly(Objects.requireNonNull(listener));
    }
    closeConnections();
    threads.shutdownNow();
  }
}
