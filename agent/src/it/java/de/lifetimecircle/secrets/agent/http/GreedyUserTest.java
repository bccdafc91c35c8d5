package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.SmallHeapAgent;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users who have 120 connections, ask for values of 1 MiB and read nothing; and one who reads. */
class GreedyUserTest {
  private static final Duration HURRY = Duration.ofSeconds(1);

  private static final Duration USUAL = Duration.ofSeconds(3);

  /** Several times the three seconds that an answer may wait for room. */
  private static final Duration LONG = Duration.ofSeconds(15);

  /** Asks four times on each connection, and again on a new one when the agent has closed it. */
  private static final String GREEDY =
      """
      import socket, sys, time
      port, request = int(sys.argv[1]), open(sys.argv[2], "rb").read() * 4
      def ask():
          s = socket.create_connection(("127.0.0.1", port))
          s.sendall(request)
          s.setblocking(False)
          return s
      held = [ask() for i in range(120)]
      print("greedy", flush=True)
      while True:
          for i, s in enumerate(held):
              try:
                  s.send(request[:1])
              except BlockingIOError:
                  pass
              except OSError:
                  s.close()
                  try:
                      held[i] = ask()
                  except OSError:
                      pass
          time.sleep(0.2)
      """;

  @TempDir Path folder;

  /** How long each read of the user who is not greedy took. */
  private final List<Duration> waits = new ArrayList<>();

  private static String line(Process process, String word) throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    List<String> others = new ArrayList<>();
    String line = said.readLine();
    while (line != null && !line.startsWith(word)) {
      others.add(line);
      line = said.readLine();
    }
    assertThat(line).as("the line that begins with '%s'; others are %s", word, others).isNotNull();
    return String.valueOf(line).substring(word.length()).strip();
  }

  private static String get(String path) {
    return RunningAgent.request("GET " + path, "Host: 127.0.0.1", "Secrets-Request: true");
  }

  private static String aws(int i) {
    String body = "{\"SecretId\":\"BIG" + i + "\"}";
    return RunningAgent.request(
            "POST / HTTP/1.1",
            "Host: 127.0.0.1",
            "X-Amz-Target: secretsmanager.GetSecretValue",
            "Content-Length: " + body.length())
        + body;
  }

  private int read(int port, String request) throws IOException {
    long begun = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              request
                  .replaceFirst("\r\nHost", "\r\nConnection: close\r\nHost")
                  .getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        RunningAgent.Answer answer = RunningAgent.Answer.of(in.readAllBytes());
        assertThat(answer.head()).startsWith("HTTP/1.1 200");
        waits.add(Duration.ofNanos(System.nanoTime() - begun));
        return answer.body().length;
      }
    }
  }

  private static Process greedy(SecondAccount account, int port, String request) {
    Path file = account.write("request", request.getBytes(StandardCharsets.US_ASCII));
    return account.start("python3", "-c", GREEDY, String.valueOf(port), file.toString());
  }

  /** One in the native form, then a second one in the form of AWS beside it. */
  @Test
  void othersDoNotNotice() throws Exception {
    Path log = folder.resolve("log");
    try (SecondAccount one = SecondAccount.create();
        SecondAccount other = SecondAccount.create()) {
      Path rules =
          Files.writeString(
              folder.resolve("given.rules"),
              String.format(
                  Locale.ROOT,
                  "user %s *%nuser %s *%nuser %s *%n",
                  RunningAgent.OWN_USER,
                  one.name(),
                  other.name()));
      Process agent = SmallHeapAgent.program(folder, rules).redirectError(log.toFile()).start();
      try {
        int port = Integer.parseInt(line(agent, "port "));
        List<Process> greedy = new ArrayList<>();
        for (int users = 1; users <= 2; users++) {
          SecondAccount account = users == 1 ? one : other;
          String request = users == 1 ? get("/v1/secrets/BIG0 HTTP/1.1") : aws(1);
          greedy.add(greedy(account, port, request));
          assertThat(line(greedy.get(users - 1), "greedy")).isEmpty();
          for (int i = 0; i < 20; i++) {
            assertThat(read(port, get("/v1/secrets/BIG" + i % 4 + " HTTP/1.1")))
                .isEqualTo(SmallHeapAgent.SIZE);
            assertThat(read(port, aws(i % 4))).isGreaterThan(SmallHeapAgent.SIZE);
          }
        }
        assertThat(greedy).allMatch(Process::isAlive);
        Collections.sort(waits);
        // Who would have to wait for the greedy one's room waits for a second each time.
        assertThat(waits.get(waits.size() / 4)).as("quarter of %s", waits).isLessThan(HURRY);
        assertThat(waits.get(waits.size() / 2)).as("median of %s", waits).isLessThan(USUAL);
        // A few may take longer, as the machine may be busy.
        assertThat(waits.get(waits.size() * 19 / 20)).as("most of %s", waits).isLessThan(LONG);
      } finally {
        agent.getOutputStream().close();
        // The agent gives the greedy ones ten seconds to accept what is under way.
        boolean unused = agent.waitFor(120, TimeUnit.SECONDS);
        agent.destroyForcibly();
      }
      assertThat(agent.waitFor()).isZero();
      assertThat(Files.readString(log)).doesNotContain("OutOfMemoryError");
    }
  }
}
