package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both addresses that localhost means are the agent's, or it does not start. */
class LocalhostTest {
  /** Listens on an address with an option of the socket, and says so or why not. */
  private static final String TAKE =
      """
      import socket, sys
      host, port, option = sys.argv[1], int(sys.argv[2]), sys.argv[3]
      s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
      if option == "v6only":
          s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
      elif option != "plain":
          s.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
      try:
          s.bind((host, port))
          s.listen()
          print("listens", s.getsockname()[1], flush=True)
          sys.stdin.read()
      except OSError as e:
          print("refused", e.errno, flush=True)
      """;

  @TempDir Path folder;

  private static Process take(SecondAccount account, String host, int port, String option) {
    return account.start("python3", "-c", TAKE, host, String.valueOf(port), option);
  }

  private static String line(Process process) {
    try {
      return String.valueOf(process.inputReader(StandardCharsets.UTF_8).readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SecretsAgent agent(String... options) {
    List<String> all = new java.util.ArrayList<>(List.of("--socket", "none"));
    all.addAll(List.of(options));
    SecretProvider provider =
        SecretProvider.builder()
            .store(FakeStore.create().holding("APP_KEY", "value-of-app"))
            .environment(Map.of())
            .build();
    return new SecretsAgent(
        AgentOptions.of(all, Map.of()),
        provider,
        CurrentRules.of(Optional.empty(), NamePrefix.NONE),
        ReadLog.NONE);
  }

  private static String get(String host, int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName(host), port)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              RunningAgent.request(
                      "GET " + path + " HTTP/1.1",
                      "Host: localhost:" + port,
                      "Secrets-Request: true",
                      "X-Vault-Request: true",
                      "Connection: close")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whoeverHasTheOtherAddressKeepsTheAgentFromStarting() {
    try (SecondAccount account = SecondAccount.create()) {
      for (List<String> way :
          List.of(
              List.of("::1", "127.0.0.1", "[::1]"),
              List.of("::1", "localhost", "[::1]"),
              List.of("127.0.0.1", "[::1]", "127.0.0.1"))) {
        Process holder = take(account, way.get(0), 0, "plain");
        String port = line(holder).replace("listens ", "");
        for (String option : List.of("--listen", "--vault")) {
          try (SecretsAgent agent =
              option.equals("--listen")
                  ? agent(option, way.get(1) + ":" + port)
                  : agent("--listen", "none", option, way.get(1) + ":" + port)) {
            assertThatThrownBy(agent::start)
                .isInstanceOf(SecretException.class)
                .hasMessageContaining(way.get(2) + ":" + port + ": Address already in use");
          }
        }
        holder.destroy();
      }
    }
  }

  @Test
  void nobodyTakesEitherAddressWhileTheAgentRuns() throws IOException {
    try (SecondAccount account = SecondAccount.create();
        SecretsAgent agent = agent("--listen", "127.0.0.1:0", "--vault", "[::1]:0")) {
      agent.start();
      for (int port :
          List.of(agent.addresses().get(0).getPort(), agent.vaultAddresses().get(0).getPort())) {
        for (String host : List.of("::1", "::", "127.0.0.1", "0.0.0.0")) {
          for (String option : List.of("plain", "SO_REUSEADDR", "SO_REUSEPORT")) {
            assertThat(line(take(account, host, port, option)))
                .as(host + " " + option)
                .isEqualTo("refused 98");
          }
        }
        assertThat(line(take(account, "::", port, "v6only"))).isEqualTo("refused 98");
      }
    }
  }

  /** On a busy machine the kernel still takes connections until the accepting thread has ended. */
  private static String answerAfterTheEnd(String host, int port) {
    try {
      return get(host, port, "/ping");
    } catch (IOException e) {
      return ""; // refused, or reset
    }
  }

  @Test
  void nobodyIsAnsweredAfterTheEnd() {
    for (int i = 0; i < 50; i++) {
      int port;
      try (SecretsAgent agent = agent("--listen", "127.0.0.1:0")) {
        agent.start();
        port = agent.addresses().get(0).getPort();
      }
      for (String host : List.of("127.0.0.1", "::1")) {
        assertThat(answerAfterTheEnd(host, port)).as(host).isEmpty();
      }
    }
  }

  @Test
  void bothAddressesAnswerAndBothEnd() throws IOException {
    int port;
    try (SecretsAgent agent = agent("--listen", "127.0.0.1:0", "--vault", "localhost:0")) {
      agent.start();
      port = agent.addresses().get(0).getPort();
      for (String host : List.of("127.0.0.1", "::1")) {
        assertThat(get(host, port, "/v1/secrets/APP_KEY")).endsWith("value-of-app");
        assertThat(get(host, agent.vaultAddresses().get(0).getPort(), "/v1/secret/data/APP_KEY"))
            .contains("\"value\":\"value-of-app\"");
      }
    }
    for (String host : List.of("127.0.0.1", "::1")) {
      assertThat(answerAfterTheEnd(host, port)).as(host).isEmpty();
    }
  }

  private static int free() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  @Test
  void bothMayBeNamedButNotForDifferentForms() throws IOException {
    int port = free();
    try (SecretsAgent agent = agent("--listen", "[::1]:" + port, "--listen", "127.0.0.1:" + port)) {
      agent.start();
      assertThat(get("127.0.0.1", port, "/v1/secrets/APP_KEY")).endsWith("value-of-app");
    }
    int second = free();
    try (SecretsAgent agent =
        agent("--listen", "127.0.0.1:" + second, "--vault", "[::1]:" + second)) {
      assertThatThrownBy(agent::start)
          .hasMessageContaining("[::1]:" + second + ": Address already in use");
    }
  }

  /** As the JVM sees a host where IPv6 is switched off. */
  @Test
  void hostWithoutIpv6Works() throws Exception {
    Path rules =
        Files.writeString(folder.resolve("given.rules"), "user " + RunningAgent.OWN_USER + " *\n");
    Process agent =
        SmallHeapAgent.program(folder, rules, "-Djava.net.preferIPv4Stack=true")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader said = agent.inputReader(StandardCharsets.UTF_8);
      int port = Integer.parseInt(String.valueOf(said.readLine()).replace("port ", ""));
      assertThat(get("127.0.0.1", port, "/v1/secrets/BIG0")).startsWith("HTTP/1.1 200");
    } finally {
      agent.getOutputStream().close();
      assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
