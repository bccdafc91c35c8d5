package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the running program reads its rules again. Its backend is down: what may be read is 503. */
class AgentReloadTest {
  @TempDir Path folder;
  private Path rules;
  private Process program;
  private BufferedReader said;
  private int port;

  @BeforeEach
  void start() throws IOException {
    rules = Files.writeString(folder.resolve("agent.rules"), rule("A_KEY"));
    Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
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
            "--rules",
            rules.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().put("SECRETS_BACKEND", "vault");
    builder.environment().put("SECRETS_VAULT_ADDRESS", "http://127.0.0.1:9");
    builder.environment().put("SECRETS_VAULT_TOKEN", "t");
    builder.environment().put("SECRETS_RETRIES", "0");
    program = builder.redirectErrorStream(true).start();
    said = program.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    while (line != null && !line.contains("serves on http://127.0.0.1:")) {
      line = said.readLine();
    }
    assertThat(line).as("where it listens").isNotNull();
    port = Integer.parseInt(String.valueOf(line).replaceFirst(".*:", ""));
  }

  @AfterEach
  void stop() throws IOException {
    program.destroyForcibly();
    said.close();
  }

  private static String rule(String name) {
    return "user " + RunningAgent.OWN_USER + " " + name + "\n";
  }

  private int status(String name) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(20_000);
      String request =
          RunningAgent.request(
              "GET /v1/secrets/" + name + " HTTP/1.1",
              "Host: localhost",
              "Secrets-Request: true",
              "Connection: close");
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return RunningAgent.Answer.of(client.getInputStream().readAllBytes()).status();
    }
  }

  private void awaitTheRightToReadB() throws IOException {
    long began = System.nanoTime();
    while (status("B_KEY") != 503) {
      assertThat(System.nanoTime() - began)
          .as("how long the program keeps its old rules")
          .isLessThan(TimeUnit.SECONDS.toNanos(60));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    assertThat(status("A_KEY")).isEqualTo(403);
  }

  @Test
  void changeOfTheFileIsNoticed() throws IOException {
    assertThat(status("A_KEY")).isEqualTo(503);
    assertThat(status("B_KEY")).isEqualTo(403);
    Files.writeString(rules, "# now another name\n" + rule("B_KEY"));
    awaitTheRightToReadB();
  }

  /** The file looks unchanged, so that only the signal tells of it. */
  @Test
  void signalReadsTheRulesAgain() throws Exception {
    FileTime time = Files.getLastModifiedTime(rules);
    Files.writeString(rules, rule("B_KEY"));
    Files.setLastModifiedTime(rules, time);
    Process kill = new ProcessBuilder("sh", "-c", "kill -HUP " + program.pid()).start();
    assertThat(kill.waitFor()).isZero();
    awaitTheRightToReadB();
    assertThat(program.isAlive()).isTrue();
  }
}
