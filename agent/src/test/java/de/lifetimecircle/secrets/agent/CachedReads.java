package de.lifetimecircle.secrets.agent;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures cached reads of 64 clients beside a bare server of the JDK, in turns in one process:
 * {@code java ... CachedReads [SECONDS] [ROUNDS]}. A program, because figures on a busy machine are
 * no test.
 */
final class CachedReads {
  private static final int CLIENTS = 64;

  private CachedReads() {}

  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path folder = Files.createTempDirectory("cached-reads");
    ExecutorService pool = Executors.newCachedThreadPool();
    HttpServer bare = bare(pool);
    try (RunningAgent agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            de.lifetimecircle.secrets.testkit.FakeStore.create(),
            RunningAgent.Adjustments.NONE.limits(ServerLimits.STANDARD))) {
      agent.store.holding("APP_KEY", "0123456789abcdef0123456789abcdef");
      for (int round = 0; round <= rounds; round++) {
        report(round, "agent", measured(pool, agent.port(), seconds), seconds);
        report(
            round,
            "bare jdk.httpserver",
            measured(pool, bare.getAddress().getPort(), seconds),
            seconds);
      }
    } finally {
      bare.stop(0);
      pool.shutdownNow();
    }
  }

  /** A server that answers every request with the same bytes and does nothing else. */
  private static HttpServer bare(ExecutorService pool) throws IOException {
    byte[] body = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.setExecutor(pool);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static long[] measured(ExecutorService pool, int port, int seconds) throws Exception {
    CyclicBarrier connected = new CyclicBarrier(CLIENTS);
    Future<?>[] clients = new Future<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = pool.submit(() -> client(port, connected, seconds));
    }
    long[] all = new long[0];
    for (Future<?> client : clients) {
      long[] one = (long[]) client.get();
      long[] more = Arrays.copyOf(all, all.length + one.length);
      System.arraycopy(one, 0, more, all.length, one.length);
      all = more;
    }
    Arrays.sort(all);
    return all;
  }

  private static long[] client(int port, CyclicBarrier connected, int seconds) throws Exception {
    byte[] request =
        RunningAgent.request(
                "GET /v1/secrets/APP_KEY HTTP/1.1", "Host: localhost", "Secrets-Request: true")
            .getBytes(StandardCharsets.US_ASCII);
    long[] times = new long[1 << 18];
    int count = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] answer = new byte[1024];
      ask(socket, in, request, answer); // the first request finds out who asks
      int unused = connected.await();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() - end < 0 && count < times.length) {
        long began = System.nanoTime();
        ask(socket, in, request, answer);
        times[count] = System.nanoTime() - began;
        count++;
      }
    }
    return Arrays.copyOf(times, count);
  }

  private static void ask(Socket socket, InputStream in, byte[] request, byte[] answer)
      throws IOException {
    socket.getOutputStream().write(request);
    int length = 0;
    while (!endsWithTheBody(answer, length)) {
      length += in.read(answer, length, answer.length - length);
    }
  }

  private static boolean endsWithTheBody(byte[] answer, int length) {
    return length > 36
        && answer[length - 33] == '\n'
        && answer[length - 36] == '\r'
        && answer[length - 1] == 'f';
  }

  private static void report(int round, String what, long[] times, int seconds) {
    if (round > 0) { // the first one warms up
      System.out.printf(
          Locale.ROOT,
          "%-20s %7d reads/s, p50 %6.3f ms, p99 %7.3f ms%n",
          what,
          times.length / seconds,
          times[times.length / 2] / 1e6,
          times[(int) (times.length * 0.99)] / 1e6);
    }
  }
}
