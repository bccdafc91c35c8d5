package de.lifetimecircle.secrets.bench.loopback;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The smallest HTTP/1.1 server that a provider can be measured against: blocking sockets without
 * delay, one thread for each connection, one write for each answer. The JDK's own server costs more
 * than some of the clients that are compared here.
 *
 * <p>Safe for use by several threads. It can be taken down, which resets every connection and
 * refuses new ones, and brought up again at the same port.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final Script script;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "loopback-server");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final int port;
  private @Nullable ServerSocket listener;

  /** The source of the answers; runs on the thread of the connection and may block it. */
  public interface Script {
    /**
     * The answer, or null to reset the connection instead.
     *
     * @throws IOException to end the connection
     * @throws InterruptedException when the server is closed
     */
    @Nullable Answer answer(Request request) throws IOException, InterruptedException;
  }

  /** A request; header names in lower case. */
  public record Request(String method, String target, Map<String, String> headers, String body) {}

  /** An answer; the headers as lines that each end with CR and LF. */
  public record Answer(int status, String headers, byte[] body) {
    /** A document as AWS sends it. */
    public static Answer json(int status, String body) {
      return new Answer(
          status,
          "Content-Type: application/x-amz-json-1.1\r\n",
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Starts on a free port. */
  public LoopbackServer(Script script) {
    this.script = script;
    try {
      ServerSocket first = listen(0);
      port = first.getLocalPort();
      listener = first;
      threads.execute(() -> accept(first));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  /** Its address. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How many requests were read to their end so far. */
  public int requests() {
    return requests.get();
  }

  /** Refuses connections from now on and resets those that are open. */
  public synchronized void goDown() {
    ServerSocket last = listener;
    listener = null;
    if (last != null) {
      close(last);
    }
    open.forEach(LoopbackServer::reset);
  }

  /** Takes connections again, at the same port. */
  public synchronized void comeBack() {
    if (listener != null) {
      return;
    }
    try {
      ServerSocket again = listen(port);
      listener = again;
      threads.execute(() -> accept(again));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen again", e);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return; // taken down; the next server opens a new socket
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
      Request request = read(in);
      while (request != null) {
        requests.incrementAndGet();
        Answer answer = script.answer(request);
        if (answer == null) {
          reset(socket);
          return;
        }
        socket.getOutputStream().write(encoded(answer));
        request = read(in);
      }
    } catch (IOException gone) {
      // The client went away, or the server was taken down: the benchmark measures both.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private static byte[] encoded(Answer answer) {
    byte[] head =
        ("HTTP/1.1 "
                + answer.status()
                + " Answer\r\n"
                + answer.headers()
                + "Content-Length: "
                + answer.body().length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + answer.body().length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(answer.body(), 0, all, head.length, answer.body().length);
    return all;
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    int method = first.indexOf(' ');
    return new Request(
        first.substring(0, method),
        first.substring(method + 1, first.lastIndexOf(' ')),
        headers,
        new String(body, StandardCharsets.UTF_8));
  }

  /** A line without its end; empty at the end of the stream as well. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // No server listens there any more, which is all that is wanted.
    }
  }

  @Override
  public void close() {
    goDown();
    threads.shutdownNow();
  }
}
