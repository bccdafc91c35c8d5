package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code secrets agent} over moto for a long time, with readers, rotations and faults on the
 * way to the backend, and looks at every value and at the memory of the agent: {@code java ...
 * AgentSoak LAUNCHER MINUTES}. {@link AgentLongRun} runs it on the distribution of this build.
 *
 * <p>A value has its name and a number. A reader must get a number that was written, that is no
 * older than one that the same reader had before, and that was current within {@code max-stale}.
 */
final class AgentSoak {
  private static final int NAMES = 8;
  private static final Duration MAX_STALE = Duration.ofMinutes(3);
  private static final Duration SLACK = Duration.ofSeconds(30);
  private static final Pattern AGENT = Pattern.compile("secrets agent: serves on (.*)");
  private static final Pattern VALUE = Pattern.compile("soak/([0-9]+)=([0-9]+)");
  private static final List<Fault> FAULTS =
      List.of(
          Fault.REFUSED,
          Fault.RESET,
          Fault.OVERLOADED,
          Fault.GARBAGE_BODY,
          Fault.BUSY,
          Fault.SLOW_BODY);

  private final long end;
  private final Duration lasts;
  private final AtomicIntegerArray written = new AtomicIntegerArray(NAMES);

  /** When each number of a name was followed by the next one; by name and number. */
  private final Map<String, Long> replaced = new ConcurrentHashMap<>();

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicInteger rotations = new AtomicInteger();
  private final AtomicInteger outages = new AtomicInteger();
  private final List<Long> memory = new ArrayList<>();

  private AgentSoak(Duration lasts) {
    this.lasts = lasts;
    this.end = System.nanoTime() + lasts.toNanos();
  }

  /**
   * The result of a run.
   *
   * @param reads values that readers got
   * @param refused answers without a value
   * @param wrong values that no reader may get
   * @param memory resident kilobytes of the agent, each half a minute
   */
  record Result(
      long reads, long refused, long wrong, int rotations, int outages, List<Long> memory) {
    /** The most of the second quarter: the first one warms up. */
    long early() {
      return most(memory.size() / 4, memory.size() / 2);
    }

    /** The most of the last quarter. */
    long late() {
      return most(memory.size() * 3 / 4, memory.size());
    }

    private long most(int from, int to) {
      return memory.subList(from, Math.max(from + 1, to)).stream()
          .mapToLong(Long::longValue)
          .max()
          .orElse(0);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d reads, %d wrong, %d refused, %d rotations, %d outages; resident at most %d KB in the"
              + " second quarter and %d KB in the last",
          reads,
          wrong,
          refused,
          rotations,
          outages,
          early(),
          late());
    }
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("agent-soak");
    Result result = run(args[0], folder, Duration.ofMinutes(Long.parseLong(args[1])));
    System.out.println("agent soak: " + result);
  }

  /** Runs it that long with this launcher. */
  static Result run(String launcher, Path folder, Duration lasts) throws Exception {
    return new AgentSoak(lasts).run(launcher, folder);
  }

  private Result run(String launcher, Path folder) throws Exception {
    try (ServedBackend backend = ServedBackend.start("aws", folder);
        FaultProxy proxy =
            FaultProxy.to(URI.create(backend.backend().place().get("aws.endpoint"))).start()) {
      for (int i = 0; i < NAMES; i++) {
        write(backend, i);
      }
      Map<String, String> variables = new TreeMap<>(backend.environment());
      variables.put("SECRETS_AWS_ENDPOINT", proxy.uri().toString());
      variables.put("SECRETS_SOFT_AGE", "10s");
      variables.put("SECRETS_MAX_STALE", MAX_STALE.toSeconds() + "s");
      variables.put("PATH", System.getenv("PATH"));
      variables.put("HOME", folder.toString());
      variables.put("JAVA_HOME", System.getProperty("java.home"));
      Path socket = folder.resolve("agent.sock");
      try (RunningProcess agent = start(launcher, folder, variables, socket)) {
        String tcp = agent.place().replaceFirst(".*(http://[^ ,]*).*", "$1");
        List<Thread> readers =
            List.of(reader(() -> new UnixReader(socket)), reader(() -> new TcpReader(tcp)));
        readers.forEach(Thread::start);
        soak(backend, proxy, agent.pid());
        for (Thread reader : readers) {
          reader.join();
        }
      }
    }
    return new Result(
        reads.get(),
        refused.get(),
        wrong.get(),
        rotations.get(),
        outages.get(),
        List.copyOf(memory));
  }

  private static RunningProcess start(
      String launcher, Path folder, Map<String, String> variables, Path socket) throws IOException {
    return RunningProcess.start(
        folder,
        variables,
        AGENT,
        launcher,
        "agent",
        "--listen",
        "127.0.0.1:0",
        "--socket",
        socket.toString());
  }

  /** Rotates every ten seconds, breaks the way for ten of each minute, looks at the memory. */
  private void soak(ServedBackend backend, FaultProxy proxy, long pid) throws IOException {
    for (int step = 0; System.nanoTime() - end < 0; step++) {
      if (step % 2 == 0) {
        write(backend, step / 2 % NAMES);
        rotations.incrementAndGet();
      }
      if (step % 12 == 6) {
        proxy.inject(FAULTS.get(outages.getAndIncrement() % FAULTS.size()));
      } else if (step % 12 == 8) {
        proxy.clear();
      }
      if (step % 6 == 0) {
        memory.add(resident(pid));
        System.out.printf(
            Locale.ROOT,
            "soak %s of %s: %d KB, %d reads, %d refused, %d wrong, load %.1f%n",
            lasts.minusNanos(end - System.nanoTime()).toSeconds() + " s",
            lasts,
            memory.get(memory.size() - 1),
            reads.get(),
            refused.get(),
            wrong.get(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      }
      pause(Duration.ofSeconds(5));
    }
    proxy.clear();
  }

  private void write(ServedBackend backend, int name) {
    int number = written.get(name) + 1;
    // Before the write: a reader may get it as soon as the backend has it.
    written.set(name, number);
    String unused = backend.secrets("soak/" + name + "=" + number, "put", "soak/" + name);
    replaced.put(name + " " + (number - 1), System.nanoTime());
  }

  private static long resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private static void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long left = 1; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Reads a name; an empty text if the answer was 503. */
  @FunctionalInterface
  private interface Reader {
    String read(String name) throws IOException, InterruptedException;
  }

  @FunctionalInterface
  private interface Opening {
    Reader open();
  }

  private Thread reader(Opening opening) {
    return new Thread(
        () -> {
          int[] seen = new int[NAMES];
          Reader reader = opening.open();
          for (int i = 0; System.nanoTime() - end < 0; i++) {
            int name = i % NAMES;
            long asked = System.nanoTime();
            try {
              look(name, reader.read("soak/" + name), asked, seen);
            } catch (IOException | InterruptedException e) {
              System.out.println("soak: a read failed: " + e);
              refused.incrementAndGet();
            }
            pause(Duration.ofMillis(200));
          }
        },
        "soak-reader");
  }

  private void look(int name, String text, long asked, int[] seen) {
    if (text.isEmpty()) {
      refused.incrementAndGet();
      return;
    }
    reads.incrementAndGet();
    Matcher value = VALUE.matcher(text);
    boolean isRight =
        value.matches()
            && Integer.parseInt(value.group(1)) == name
            && Integer.parseInt(value.group(2)) <= written.get(name)
            && Integer.parseInt(value.group(2)) >= seen[name];
    if (isRight) {
      seen[name] = Integer.parseInt(value.group(2));
      Long since = replaced.get(name + " " + seen[name]);
      isRight = since == null || asked - since < MAX_STALE.plus(SLACK).toNanos();
    }
    if (!isRight) {
      System.out.println("soak: a wrong value of soak/" + name + ": " + text);
      wrong.incrementAndGet();
    }
  }

  /** A connection for each read. */
  private record UnixReader(Path socket) implements Reader {
    @Override
    public String read(String name) throws IOException {
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        String request =
            "GET /v1/secrets/" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          int unused = client.write(bytes);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Channels.newInputStream(client).transferTo(all);
        String answer = all.toString(StandardCharsets.UTF_8);
        return answer.startsWith("HTTP/1.1 200") ? answer.split("\r\n\r\n", 2)[1] : "";
      }
    }
  }

  /** One open connection, also for the lists that ask the backend. */
  private static final class TcpReader implements Reader {
    // The agent refuses the upgrade to HTTP/2 that this client asks for otherwise.
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String place;

    TcpReader(String place) {
      this.place = place;
    }

    @Override
    public String read(String name) throws IOException, InterruptedException {
      HttpResponse<String> described =
          send(
              HttpRequest.newBuilder(URI.create(place))
                  .header("X-Amz-Target", "secretsmanager.DescribeSecret")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"SecretId\":\"" + name + "\"}")));
      if (described.statusCode() == 200 && !described.body().contains(name)) {
        return "described: " + described.body();
      }
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(URI.create(place + "/v1/secrets/" + name))
                  .header("Secrets-Request", "true"));
      return answer.statusCode() == 200 ? answer.body() : "";
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
        throws IOException, InterruptedException {
      return client.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
