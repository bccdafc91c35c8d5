package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts a distance between a client and a server on loopback: data from one side reaches the other
 * half a round trip later, in the same order, however much is in transit. The first data of a
 * client is delayed by another whole round trip, because a real connection takes that long to open
 * and loopback opens it at once. So handshakes feel the distance as they do outside.
 *
 * <p>The proxy does not interpret the data, so TLS passes through unchanged. Safe for use by
 * several threads: each direction of a connection has a thread that reads and one that writes,
 * which share only a queue.
 */
final class LatencyProxy implements AutoCloseable {
  private static final int MOST_OF_A_CHUNK = 64 * 1024;

  /** The usual delay of a thread's wake-up, which would otherwise be added to each chunk. */
  private static final long WAKING_NANOS = 60_000;

  private final InetSocketAddress server;
  private final long halfNanos;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "distance");
            thread.setDaemon(true);
            return thread;
          });

  /** Bytes and when they arrive, as {@link System#nanoTime} counts; no bytes at the end. */
  private record Chunk(byte[] bytes, long due) {}

  private LatencyProxy(InetSocketAddress server, double roundTripMillis) throws IOException {
    this.server = server;
    this.halfNanos = (long) (roundTripMillis * 1e6 / 2);
    this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
  }

  /** Starts one in front of a server that listens on that port of that host. */
  static LatencyProxy start(String host, int port, double roundTripMillis) {
    try {
      LatencyProxy proxy = new LatencyProxy(new InetSocketAddress(host, port), roundTripMillis);
      proxy.threads.execute(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a proxy that adds a distance", e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        long since = System.nanoTime();
        threads.execute(() -> connect(client, since));
      } catch (IOException | RejectedExecutionException e) {
        // The proxy was closed: the loop sees it.
      }
    }
  }

  private void connect(Socket client, long since) {
    Socket onward = new Socket();
    open.add(client);
    open.add(onward);
    try {
      onward.connect(server);
      client.setTcpNoDelay(true);
      onward.setTcpNoDelay(true);
      AtomicInteger directions = new AtomicInteger(2);
      Runnable ended =
          () -> {
            if (directions.decrementAndGet() == 0) {
              end(client, onward);
            }
          };
      pump(client, onward, since + 2 * halfNanos, ended);
      pump(onward, client, since, ended);
    } catch (IOException | RejectedExecutionException e) {
      end(client, onward); // the server refused: so does the proxy
    }
  }

  private void end(Socket client, Socket onward) {
    for (Socket socket : List.of(client, onward)) {
      quietly(socket);
      open.remove(socket);
    }
  }

  private void pump(Socket from, Socket to, long earliest, Runnable ended) throws IOException {
    BlockingQueue<Chunk> under = new LinkedBlockingQueue<>();
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    threads.execute(() -> read(in, under, earliest));
    threads.execute(() -> write(under, out, to, ended));
  }

  private void read(InputStream in, BlockingQueue<Chunk> under, long earliest) {
    byte[] buffer = new byte[MOST_OF_A_CHUNK];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        long sent = Math.max(System.nanoTime(), earliest);
        under.add(new Chunk(Arrays.copyOf(buffer, count), sent + halfNanos));
      }
    } catch (IOException e) {
      // That side is gone; the other one learns it after the data in transit.
    }
    under.add(new Chunk(new byte[0], System.nanoTime() + halfNanos));
  }

  private static void write(
      BlockingQueue<Chunk> under, OutputStream out, Socket to, Runnable ended) {
    try {
      for (Chunk chunk = under.take(); chunk.bytes().length > 0; chunk = under.take()) {
        RealPause.nanos(chunk.due() - WAKING_NANOS - System.nanoTime());
        out.write(chunk.bytes());
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      quietly(to); // so the one who reads from there ends, too
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.run();
    }
  }

  private static void quietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // It is being given up.
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    quietly(listener);
    open.forEach(LatencyProxy::quietly);
    threads.shutdownNow();
  }
}
