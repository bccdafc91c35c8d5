package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start of an agent with files, while its backend hangs. */
class FilesAtTheStartTest {
  private static final String NAME = "prod/TLS_KEY";
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path disk;
  private Path folder;
  private Path file;
  private Path list;

  @BeforeEach
  void start() throws IOException {
    assumeThat(Files.isDirectory(MEMORY) && Files.getFileStore(MEMORY).type().equals("tmpfs"))
        .isTrue();
    folder = Files.createTempDirectory(MEMORY, "secret-files");
    file = folder.resolve("server.key");
    list = Files.writeString(disk.resolve("files.list"), file + " " + NAME + " - 0400\n");
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-r--r--"));
  }

  @AfterEach
  void stop() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path each : left.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }

  private static SecretProvider provider(FakeStore store) {
    return SecretProvider.builder()
        .store(store.secondClient())
        .environment(Map.of())
        .set("retries", "0")
        .set("timeout", "40s")
        .build();
  }

  private SecretsAgent agent(SecretProvider provider) {
    AgentOptions options =
        new AgentOptions(
            Optional.empty(),
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(),
            Optional.of(list),
            Optional.empty(),
            Set.of(),
            ServerLimits.STANDARD,
            AgentOptions.Task.SERVE,
            "");
    return new SecretsAgent(
        options, provider, CurrentRules.of(Optional.empty(), NamePrefix.NONE), ReadLog.NONE);
  }

  /** A store whose reads wait until the gate opens. */
  private static FakeStore hanging(CountDownLatch gate) {
    FakeStore store = FakeStore.create().holding(NAME, "value");
    return store.always(
        Op.FETCH,
        NAME,
        FakeStep.run(
            () -> {
              try {
                gate.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private static String ping(int port) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(20_000);
      String request =
          RunningAgent.request("GET /ping HTTP/1.1", "Host: localhost", "Connection: close");
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return RunningAgent.Answer.of(client.getInputStream().readAllBytes()).text();
    }
  }

  @Test
  void agentListensWhileTheBackendHangsAndWritesTheFileLater() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    try (SecretsAgent agent = agent(provider(hanging(gate)))) {
      long began = System.nanoTime();
      agent.start();
      assertThat(ping(agent.addresses().get(0).getPort())).isEqualTo("healthy");
      assertThat(System.nanoTime() - began)
          .as("10 s, and not the 40 s of a read")
          .isLessThan(TimeUnit.SECONDS.toNanos(30));
      assertThat(file).doesNotExist();
      gate.countDown();
      long opened = System.nanoTime();
      while (Files.notExists(file)) {
        assertThat(System.nanoTime() - opened).isLessThan(TimeUnit.SECONDS.toNanos(20));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      assertThat(file).hasContent("value");
    } finally {
      gate.countDown();
    }
  }

  /** The probe of a pod looks for the socket, and then its programs read their files. */
  @Test
  void filesAreThereWhenTheAgentListensIfTheBackendAnswers() {
    FakeStore store = FakeStore.create().holding(NAME, "value");
    try (SecretsAgent agent = agent(provider(store))) {
      agent.start();
      assertThat(file).hasContent("value");
    }
  }

  /** The value is not needed for that, so no backend can put the exit code 5 off. */
  @Test
  void fileThatCannotBeWrittenEndsTheStartWhileTheBackendHangs() throws IOException {
    Path unused = Files.createDirectory(file);
    CountDownLatch gate = new CountDownLatch(1);
    try (SecretsAgent agent = agent(provider(hanging(gate)))) {
      assertThatThrownBy(agent::start)
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFIGURATION))
          .hasMessageContaining("Cannot write " + file + ": it is a folder.");
      gate.countDown();
    } finally {
      gate.countDown();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  /** The handler comes before the wait: without one, the signal ends a JVM. */
  @Test
  void hangUpWhileTheFilesAreAwaitedEndsNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(60_000);
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              AgentMain.class.getName(),
              "--socket",
              "none",
              "--listen",
              "127.0.0.1:0",
              "--files",
              list.toString());
      builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
      builder.environment().put("SECRETS_BACKEND", "vault");
      builder
          .environment()
          .put("SECRETS_VAULT_ADDRESS", "http://127.0.0.1:" + silent.getLocalPort());
      builder.environment().put("SECRETS_VAULT_TOKEN", "t");
      Process program = builder.redirectErrorStream(true).start();
      try (Socket unused = silent.accept();
          BufferedReader said = program.inputReader(StandardCharsets.UTF_8)) {
        Process kill = new ProcessBuilder("sh", "-c", "kill -HUP " + program.pid()).start();
        assertThat(kill.waitFor()).isZero();
        assertThat(said.lines().filter(line -> line.contains("serves on http://")).findFirst())
            .as("where it listens")
            .isPresent();
        assertThat(program.isAlive()).isTrue();
      } finally {
        program.destroyForcibly();
      }
    }
  }
}
