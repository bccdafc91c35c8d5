package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left in the heap of an agent of a value that it served in every form, and of the token of
 * its client: once the value is displaced, and after the close.
 */
final class AgentHeapTest {
  /** In an answer of the backend, and in none of the agent's. */
  private static final String BACKEND = "of-the-backend";

  private final FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:9")).start();
  private final AtomicBoolean rotated = new AtomicBoolean();
  private final String first = random();
  private final String second = random();
  private final String token = random();
  private final String planted = random();

  @AfterEach
  void close() {
    server.close();
  }

  private static String random() {
    byte[] bytes = new byte[30];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Answer answer(Request request) {
    int version = rotated.get() ? 2 : 1;
    return Answer.of(
        200,
        "application/json",
        "{\"request_id\":\""
            + BACKEND
            + "\",\"data\":{\"data\":{\"value\":\""
            + (request.target().endsWith("OBJECT") ? object(value(version)) : value(version))
            + "\"},\"metadata\":{\"version\":"
            + version
            + ",\"created_time\":\"2026-01-0"
            + version
            + "T00:00:00Z\",\"destroyed\":false,\"deletion_time\":\"\"}}}");
  }

  private String value(int version) {
    return version == 1 ? first : second;
  }

  /** As it is in a text of JSON. */
  private static String object(String value) {
    return "{\\\"user\\\":\\\"app\\\",\\\"password\\\":\\\"" + value + "\\\"}";
  }

  @Test
  void nothingOfAValueOrATokenIsLeft(@TempDir Path folder) throws Exception {
    server.intercept(this::answer);
    Path log = folder.resolve("log");
    Process process = start(folder, log);
    try {
      converse(process);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    Path open = folder.resolve("open.hprof");
    assertThat(HeapDump.find(open, second)).as("what is served is found").isNotEmpty();
    // The client of the JDK keeps the bytes of an answer until a later one takes their place.
    assertThat(HeapDump.find(open, first))
        .as("displaced, while open")
        .allMatch(found -> found.contains(BACKEND));
    assertThat(HeapDump.find(open, token)).as("the token, while open").isEmpty();
    Path closed = folder.resolve("closed.hprof");
    assertThat(HeapDump.find(closed, planted)).as("what was planted is found").isNotEmpty();
    assertThat(HeapDump.find(closed, first)).as("displaced, after the close").isEmpty();
    assertThat(HeapDump.find(closed, second)).as("served, after the close").isEmpty();
    assertThat(HeapDump.find(closed, token)).as("the token, after the close").isEmpty();
    assertThat(Files.readString(log)).doesNotContain(first, second, token);
  }

  /** At its end, the input of the program ends as well, and so does the program. */
  private void converse(Process process) throws IOException {
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        Writer ask = process.outputWriter(StandardCharsets.UTF_8)) {
      String[] ports = line(said, "serves ").split(" ", -1);
      readInEveryForm(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), first);
      rotated.set(true);
      tell(said, ask, "refresh");
      readInEveryForm(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), second);
      tell(said, ask, "dump");
      tell(said, ask, "close");
    }
  }

  private Process start(Path folder, Path log) throws IOException {
    Path rules =
        Files.writeString(
            folder.resolve("agent.rules"),
            "token web sha256:" + AccessRules.digest(token) + " NAME OBJECT\n");
    Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AgentHeapProgram.class.getName(),
            server.uri().toString(),
            folder.toString(),
            rules.toString(),
            new StringBuilder(planted).reverse().toString())
        .redirectError(log.toFile())
        .start();
  }

  private static String line(BufferedReader said, String word) throws IOException {
    String line = said.readLine();
    while (line != null && !line.startsWith(word)) {
      line = said.readLine();
    }
    assertThat(line).as("the line that begins with '" + word + "'").isNotNull();
    return String.valueOf(line).substring(word.length());
  }

  private static void tell(BufferedReader said, Writer ask, String word) throws IOException {
    ask.write(word + "\n");
    ask.flush();
    assertThat(line(said, "done ")).isEqualTo(word);
  }

  /** By a client in this process, so that the value is in the other one as the agent has it. */
  private void readInEveryForm(int port, int vault, String value) throws IOException {
    String header = "X-Vault-Token: " + token;
    String get = "{\"SecretId\":\"NAME\"}";
    String batch = "{\"SecretIdList\":[\"NAME\"]}";
    for (String request :
        List.of(
            RunningAgent.request("GET /v1/secrets/NAME HTTP/1.1", "Host: localhost", header),
            RunningAgent.request("GET /t/" + token + "/v1/NAME HTTP/1.1", "Host: localhost"),
            aws("GetSecretValue", get, header),
            aws("BatchGetSecretValue", batch, header))) {
      assertThat(answer(port, request)).contains(value);
    }
    assertThat(vault(vault, "NAME", header)).contains("\"value\":\"" + value + "\"");
    assertThat(vault(vault, "OBJECT", header))
        .contains("\"value\":\"" + object(value) + "\"", "\"password\":\"" + value + "\"");
  }

  private static String vault(int port, String name, String header) throws IOException {
    return answer(
        port,
        RunningAgent.request(
            "GET /v1/secret/data/" + name + " HTTP/1.1",
            "Host: localhost",
            header,
            "X-Vault-Request: true"));
  }

  private static String aws(String operation, String body, String header) {
    return RunningAgent.request(
            "POST / HTTP/1.1",
            "Host: localhost",
            header,
            "X-Amz-Target: secretsmanager." + operation,
            "Content-Type: application/x-amz-json-1.1",
            "Content-Length: " + body.length())
        + body;
  }

  private static String answer(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String last = request.replaceFirst("\r\nHost", "\r\nConnection: close\r\nHost");
      socket.getOutputStream().write(last.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
