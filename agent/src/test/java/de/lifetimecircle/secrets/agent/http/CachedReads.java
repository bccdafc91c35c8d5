package de.lifetimecircle.secrets.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
 * Measures cached reads of 64 clients: {@code java ... CachedReads NAME=PORT[,NAME=PORT ...]
 * [REQUESTS] [ROUNDS] [RATE]}. The servers are the agent and {@link BareServers}, in processes of
 * their own, asked in turns. Each client sends REQUESTS (1,500) as fast as the server answers, then
 * a sixth of them at a rate of RATE (2,000) a second in sum, which all can serve. {@code
 * bench/agent-reads} starts everything. A program, because figures on a busy machine are no test.
 */
final class CachedReads {
  private static final int CLIENTS = 64;

  private CachedReads() {}

  /** The same work for each server: requests of each client, and the time between two of them. */
  private record Work(int requests, long intervalNanos) {
    String word() {
      return intervalNanos == 0 ? "as fast as it answers" : "at the same rate";
    }
  }

  public static void main(String[] args) throws Exception {
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 1_500;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    long rate = args.length > 3 ? Long.parseLong(args[3]) : 2_000;
    List<Work> works =
        List.of(
            new Work(requests, 0),
            new Work(Math.max(1, requests / 6), TimeUnit.SECONDS.toNanos(1) * CLIENTS / rate));
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      for (int round = 0; round <= rounds; round++) {
        for (Work work : works) {
          for (String server : args[0].split(",", -1)) {
            String[] place = server.split("=", 2);
            report(round, work, place[0], pool, Integer.parseInt(place[1]));
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
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
        "GET /v1/secrets/APP_KEY HTTP/1.1\r\nHost: localhost\r\nSecrets-Request: true\r\n\r\n"
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
      int read = in.read(answer, length, answer.length - length);
      if (read < 0) {
        throw new EOFException("the server ended the connection");
      }
      length += read;
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
