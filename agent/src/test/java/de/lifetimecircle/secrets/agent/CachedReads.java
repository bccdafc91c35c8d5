package de.lifetimecircle.secrets.agent;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures cached reads of 64 clients: {@code java ... CachedReads [REQUESTS] [ROUNDS] [RATE]}. In
 * turns in one process, three servers do the same work: the agent; its own HTTP server with a
 * handler that gives the same bytes to everybody and knows neither cache, rules nor log; and the
 * HTTP server of the JDK with such a handler. Each client sends REQUESTS (3,000) as fast as the
 * server answers, then at a rate of RATE (2,000) a second in sum, which all three can serve. A
 * program, because figures on a busy machine are no test.
 */
final class CachedReads {
  private static final int CLIENTS = 64;
  private static final String VALUE = "0123456789abcdef0123456789abcdef";

  private CachedReads() {}

  /** The same work for each server: requests of each client, and the time between two of them. */
  private record Work(int requests, long intervalNanos) {
    String word() {
      return intervalNanos == 0 ? "as fast as it answers" : "at the same rate";
    }
  }

  public static void main(String[] args) throws Exception {
    int requests = args.length > 0 ? Integer.parseInt(args[0]) : 3_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    long rate = args.length > 2 ? Long.parseLong(args[2]) : 2_000;
    Path folder = Files.createTempDirectory("cached-reads");
    ExecutorService pool = Executors.newCachedThreadPool();
    HttpServer jdk = bare(pool);
    AgentMetrics metrics = new AgentMetrics();
    try (RunningAgent agent =
            RunningAgent.start(
                folder,
                RunningAgent.everything(),
                de.lifetimecircle.secrets.testkit.FakeStore.create(),
                RunningAgent.Adjustments.NONE.limits(ServerLimits.STANDARD));
        AgentServer own =
            new AgentServer(ServerLimits.STANDARD, metrics, SocketOwners.ofThisHost())) {
      agent.store.holding("APP_KEY", VALUE);
      int ownPort = constant(own);
      List<Work> works =
          List.of(
              new Work(requests, 0),
              new Work(Math.max(1, requests / 6), TimeUnit.SECONDS.toNanos(1) * CLIENTS / rate));
      for (int round = 0; round <= rounds; round++) {
        for (Work work : works) {
          report(round, work, "agent", pool, agent.port());
          report(round, work, "its bare server", pool, ownPort);
          report(round, work, "bare jdk.httpserver", pool, jdk.getAddress().getPort());
        }
      }
    } finally {
      jdk.stop(0);
      pool.shutdownNow();
    }
  }

  /** Lets the agent's own server answer with the same bytes, and returns its port. */
  private static int constant(AgentServer server) throws IOException {
    return server
        .listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            (request, peer) ->
                HttpAnswer.of(
                    200, "application/octet-stream", VALUE.getBytes(StandardCharsets.US_ASCII)))
        .getPort();
  }

  /** A server that answers every request with the same bytes and does nothing else. */
  private static HttpServer bare(ExecutorService pool) throws IOException {
    byte[] body = VALUE.getBytes(StandardCharsets.US_ASCII);
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

  private static long[] measured(ExecutorService pool, int port, Work work) throws Exception {
    CyclicBarrier connected = new CyclicBarrier(CLIENTS);
    Future<?>[] clients = new Future<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      long offset = work.intervalNanos() * i / CLIENTS;
      clients[i] = pool.submit(() -> client(port, connected, work, offset));
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

  private static long[] client(int port, CyclicBarrier connected, Work work, long offset)
      throws Exception {
    byte[] request =
        RunningAgent.request(
                "GET /v1/secrets/APP_KEY HTTP/1.1", "Host: localhost", "Secrets-Request: true")
            .getBytes(StandardCharsets.US_ASCII);
    long[] times = new long[work.requests()];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] answer = new byte[1024];
      ask(socket, in, request, answer); // the first request finds out who asks
      int unused = connected.await();
      long next = System.nanoTime() + offset;
      for (int i = 0; i < times.length; i++) {
        for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        long began = System.nanoTime();
        ask(socket, in, request, answer);
        times[i] = System.nanoTime() - began;
        next += work.intervalNanos();
      }
    }
    return times;
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

  private static void report(int round, Work work, String what, ExecutorService pool, int port)
      throws Exception {
    long began = System.nanoTime();
    long[] times = measured(pool, port, work);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (round > 0) { // the first one warms up
      System.out.printf(
          Locale.ROOT,
          "%-21s %-20s %7.0f reads/s, p50 %6.3f ms, p99 %7.3f ms, load %.1f%n",
          work.word(),
          what,
          times.length / seconds,
          times[times.length / 2] / 1e6,
          times[(int) (times.length * 0.99)] / 1e6,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }
}
