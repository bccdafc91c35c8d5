package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service of {@code examples/fastapi} on {@code secrets agent}, all as processes: one endpoint
 * calls the function of the first user's document, unchanged, another signs with a handle. The
 * short form is gpg alone; {@code -Dagent.backends=all} has all four.
 */
class FollowingServiceIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern AGENT = Pattern.compile("secrets agent: serves on (.*)");
  private static final Pattern SERVICE =
      Pattern.compile("running on (http://127\\.0\\.0\\.1:[1-9][0-9]*)");
  private static final String NAME = "prod/LTC_SECRET_KEY";
  private static final int ROTATIONS = 5;
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  @TempDir static Path shared;
  private static Installation installed;

  @TempDir Path folder;
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private RunningProcess agent;

  @BeforeAll
  static void install() throws IOException {
    installed = Installation.shared(shared);
  }

  static List<String> backends() {
    return "all".equals(System.getProperty("agent.backends"))
        ? List.of("gpg", "aws", "azure", "vault")
        : List.of("gpg");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void followsFiveRotationsAndOutlivesAgentAndBackend(String scheme) throws Exception {
    int port = LocalServer.freePort();
    try (ServedBackend backend = ServedBackend.start(scheme, folder);
        LeakProbe probe = LeakProbe.start()) {
      rotate(backend, probe);
      agent = startAgent(backend, port);
      try (RunningProcess service = startService(port);
          TokenLoad held = load(service, "held", 10, 2);
          TokenLoad asked = load(service, "asked", 40, 1)) {
        String pid = get(service, "/api/health");
        String figures = followed(backend, probe, held, asked);
        assertThat(held.errors()).isEmpty();
        assertThat(asked.errors()).isEmpty();
        figures += outlivesTheAgent(backend, port, asked);
        int whileDown = asked.errors().size();
        figures += outlivesTheBackend(backend, probe, held, asked);
        assertThat(held.errors()).as("held, whatever went down").isEmpty();
        assertThat(asked.errors()).as("asked, since the agent is back").hasSize(whileDown);
        assertThat(get(service, "/api/health")).isEqualTo(pid).contains(pidOf(service));
        print(scheme, figures, held.answers(), asked.answers(), whileDown);
        held.close();
        asked.close();
        service.close();
        agent.close();
        probe.look("service", service.output()).look("agent", agent.output()).assertClean();
      } finally {
        agent.close();
      }
    }
  }

  private static void print(String scheme, String figures, long held, long asked, int whileDown) {
    System.out.printf(
        Locale.ROOT,
        "agent %s: %s held %d answers, 0 errors; asked %d, %d errors while the agent was down%n",
        scheme,
        figures,
        held,
        asked,
        whileDown);
  }

  /** Kills the agent, and starts it again after a while. */
  private String outlivesTheAgent(ServedBackend backend, int port, TokenLoad asked)
      throws IOException {
    agent.kill();
    LockSupport.parkNanos(OUTAGE.toNanos());
    agent = startAgent(backend, port);
    return "asked again " + asked.awaitAnswers(3).toMillis() + " ms after the agent was back; ";
  }

  /** Rotates once more, then takes the backend away. */
  private String outlivesTheBackend(
      ServedBackend backend, LeakProbe probe, TokenLoad held, TokenLoad asked) throws IOException {
    rotate(backend, probe);
    Duration unused = held.awaitKey(ROTATIONS + 1).plus(asked.awaitKey(ROTATIONS + 1));
    long before = asked.answers() + held.answers();
    endOf(backend.backend());
    LockSupport.parkNanos(OUTAGE.toNanos());
    unused = held.awaitAnswers(3).plus(asked.awaitAnswers(3));
    return (asked.answers() + held.answers() - before) + " answers without the backend; ";
  }

  /** Puts the next key, as a rotation by somebody else does. */
  private void rotate(ServedBackend backend, LeakProbe probe) {
    String key = probe.canary("key " + keys.size()) + "-0123456789012345678901234567890";
    keys.add(key);
    String unused = backend.secrets(key, "put", NAME);
  }

  private String followed(ServedBackend backend, LeakProbe probe, TokenLoad held, TokenLoad asked) {
    Duration longest = Duration.ZERO;
    held.awaitKey(0);
    asked.awaitKey(0);
    for (int i = 1; i <= ROTATIONS; i++) {
      long begun = System.nanoTime();
      rotate(backend, probe);
      held.awaitKey(i);
      asked.awaitKey(i);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      longest = took.compareTo(longest) > 0 ? took : longest;
    }
    return ROTATIONS + " rotations in at most " + longest.toMillis() + " ms each, with the put; ";
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PATH", System.getenv("PATH"));
    variables.put("HOME", folder.toString());
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    return variables;
  }

  private RunningProcess startAgent(ServedBackend backend, int port) throws IOException {
    Map<String, String> variables = variables();
    variables.putAll(backend.environment());
    variables.put("SECRETS_SOFT_AGE", "500ms");
    return RunningProcess.start(
        folder,
        variables,
        AGENT,
        installed.command(),
        "agent",
        "--listen",
        "127.0.0.1:" + port,
        "--socket",
        folder.resolve("agent.sock").toString());
  }

  private RunningProcess startService(int port) throws IOException {
    Map<String, String> variables = variables();
    variables.put("PYTHONDONTWRITEBYTECODE", "1");
    variables.put("PYTHONPATH", ROOT.resolve("clients/python").toString());
    variables.put("SECRETS_AGENT", folder.resolve("agent.sock").toString());
    variables.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:" + port);
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    return RunningProcess.start(
        folder,
        variables,
        SERVICE,
        LocalServer.find("agent-clients/bin/python")
            .orElseThrow(() -> new IllegalStateException("agent-clients is missing. Run ./verify"))
            .toString(),
        "-m",
        "uvicorn",
        "--app-dir",
        ROOT.resolve("examples/fastapi").toString(),
        "--port",
        "0",
        "--no-access-log",
        "server.following:app");
  }

  private TokenLoad load(RunningProcess service, String path, long pause, int clients) {
    return new TokenLoad(
        service.place(), "/api/token/" + path, keys, Duration.ofMillis(pause), clients);
  }

  /** A backend of files ends when nobody can read them. */
  private static void endOf(Backend backend) throws IOException {
    if (backend.scheme().equals("gpg")) {
      Path store = Path.of(backend.place().get("gpg.store"));
      Files.move(store, store.resolveSibling("gone"));
      Files.writeString(store, ""); // a missing store is an empty one
    } else {
      backend.close();
    }
  }

  private static String pidOf(RunningProcess service) {
    return "\"pid\":\"" + service.pid() + "\"";
  }

  private String get(RunningProcess service, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(service.place() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
