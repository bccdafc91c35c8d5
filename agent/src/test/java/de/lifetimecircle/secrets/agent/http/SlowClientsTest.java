package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send nothing, little by little, or too much at once. */
class SlowClientsTest {
  private static final ServerLimits LIMITS = limits(Duration.ofSeconds(20));
  private static final ServerLimits IMPATIENT = limits(Duration.ofMillis(400));
  private static final String GET =
      RunningAgent.request(
          "GET /v1/secrets/APP_KEY HTTP/1.1", "Host: localhost", "Secrets-Request: true");

  @TempDir Path folder;

  private static ServerLimits limits(Duration request) {
    return new ServerLimits(4, 4, request, Duration.ofMillis(900), Duration.ofSeconds(2));
  }

  private RunningAgent agent() throws IOException {
    return agent(LIMITS);
  }

  private RunningAgent agent(ServerLimits limits) throws IOException {
    RunningAgent agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            FakeStore.create(),
            RunningAgent.Adjustments.NONE.limits(limits));
    agent.store.holding("APP_KEY", "value").always(Op.FETCH, "SLOW", FakeStep.hang());
    return agent;
  }

  private static Socket connect(RunningAgent agent) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), agent.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void clientThatSendsNothingIsClosed() throws IOException {
    try (RunningAgent agent = agent(IMPATIENT);
        Socket socket = connect(agent)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Each byte comes in time, the request as a whole does not. */
  @Test
  void headersThatDripAreClosed() throws IOException {
    try (RunningAgent agent = agent(IMPATIENT);
        Socket socket = connect(agent)) {
      boolean closed = false;
      for (int i = 0; i < 200 && !closed; i++) {
        try {
          send(socket, i == 0 ? "G" : "E");
        } catch (IOException e) {
          closed = true;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void bodyThatDoesNotComeIsClosed() throws IOException {
    try (RunningAgent agent = agent(IMPATIENT);
        Socket socket = connect(agent)) {
      send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void idleConnectionIsClosedAfterItsTime() throws IOException {
    try (RunningAgent agent = agent();
        Socket socket = connect(agent)) {
      send(socket, GET);
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(all).startsWith("HTTP/1.1 200").endsWith("value");
    }
  }

  /** Those who wait between requests make room; those who are served do not. */
  @Test
  void oneConnectionTooManyClosesAnIdleOneOrIsRefused() throws IOException {
    try (RunningAgent agent = agent()) {
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < LIMITS.connections(); i++) {
        Socket socket = connect(agent);
        send(socket, GET);
        assertThat(socket.getInputStream().read(new byte[512])).isPositive();
        idle.add(socket);
      }
      assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo("value");
      assertThat(idle.get(0).getInputStream().read()).isEqualTo(-1);
      for (Socket each : idle) {
        each.close();
      }
    }
  }

  /** A reader that the agent cannot answer before the backend does. */
  private static Socket busy(RunningAgent agent) throws IOException {
    Socket socket = connect(agent);
    send(socket, GET.replace("APP_KEY", "SLOW"));
    return socket;
  }

  @Test
  void busyAgentRefusesWith503() throws IOException {
    try (RunningAgent agent = agent()) {
      List<Socket> busy = new ArrayList<>();
      for (int i = 0; i < LIMITS.connections(); i++) {
        busy.add(busy(agent));
      }
      RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY");
      while (answer.status() == 200) { // it came before one of the four, which was refused then
        busy.add(busy(agent));
        answer = agent.get("/v1/secrets/APP_KEY");
      }
      assertThat(answer.status()).isEqualTo(503);
      agent.store.recover();
      for (Socket each : busy) {
        assertThat(each.getInputStream().read(new byte[512])).as("a busy one").isPositive();
        each.close();
      }
    }
  }

  private static Socket waiting(RunningAgent agent, String tag) throws IOException {
    Socket socket = connect(agent);
    send(
        socket,
        RunningAgent.request(
            "GET /v1/secrets/APP_KEY?wait=30s HTTP/1.1",
            "Host: localhost",
            "Secrets-Request: true",
            "If-None-Match: " + tag));
    return socket;
  }

  /** Else a program with a follower for each of its secrets could read nothing any more. */
  @Test
  void waitsTakeHalfOfAUsersShareAtMost() throws IOException {
    ServerLimits limits = LIMITS.withConnections(16).withConnectionsOfUser(4);
    try (RunningAgent agent = agent(limits)) {
      String tag = agent.get("/v1/secrets/APP_KEY").header("ETag").orElseThrow();
      List<Socket> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(waiting(agent, tag));
      }
      List<Socket> answered = List.of();
      while (answered.isEmpty()) {
        answered = answered(waiting);
      }
      assertThat(answered).as("one of three, as two may wait").hasSize(1);
      byte[] head = new byte[12];
      assertThat(answered.get(0).getInputStream().read(head)).isEqualTo(head.length);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 304");
      for (int i = 0; i < 50; i++) {
        assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo("value");
      }
      waiting.removeAll(answered);
      assertThat(answered(waiting)).as("the other two wait").isEmpty();
      agent.store.holding("APP_KEY", "second");
      assertThat(agent.provider.refresh("APP_KEY").value().asString()).isEqualTo("second");
      for (Socket each : waiting) {
        assertThat(each.getInputStream().read(head)).isEqualTo(head.length);
        assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        each.close();
      }
    }
  }

  private static List<Socket> answered(List<Socket> sockets) throws IOException {
    List<Socket> answered = new ArrayList<>();
    for (Socket each : sockets) {
      if (each.getInputStream().available() > 0) {
        answered.add(each);
      }
    }
    return answered;
  }

  /** Half of the connections are left for others, whatever one user does. */
  @Test
  void userGetsOnlyHisShareOfTheConnections() throws IOException {
    ServerLimits limits = LIMITS.withConnections(8).withConnectionsOfUser(3);
    try (RunningAgent agent = agent(limits)) {
      Socket idle = connect(agent);
      send(idle, GET);
      assertThat(idle.getInputStream().read(new byte[512])).isPositive();
      List<Socket> busy = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        busy.add(busy(agent));
      }
      assertThat(idle.getInputStream().read()).as("his own idle one made room").isEqualTo(-1);
      RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY");
      while (answer.status() == 200) { // until three of them are known
        busy.add(busy(agent));
        answer = agent.get("/v1/secrets/APP_KEY");
      }
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("its user has as many connections as it may");
      assertThat(answer.header("Retry-After")).contains("1");
      agent.store.recover();
      for (Socket each : busy) {
        each.close();
      }
      idle.close();
      while (answer.status() == 503) { // as soon as the agent has seen the end of one
        answer = agent.get("/v1/secrets/APP_KEY");
      }
      assertThat(answer.text()).isEqualTo("value");
    }
  }
}
