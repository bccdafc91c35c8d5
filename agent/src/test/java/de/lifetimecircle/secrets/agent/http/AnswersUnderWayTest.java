package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.dialect.VaultDialect;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.reads.ThrottledDenialLog;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and read nothing: how many bytes the agent keeps for them. */
class AnswersUnderWayTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  private RunningAgent agent(long answers, long requests) throws IOException {
    RunningAgent agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            FakeStore.create().maxBytes(2 * MIB),
            RunningAgent.Adjustments.NONE.limits(
                new ServerLimits(
                    64,
                    64,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    answers,
                    requests)));
    for (Map.Entry<String, byte[]> each : values().entrySet()) {
      agent.store.put(PutRequest.always(each.getKey(), SecretValue.of(each.getValue())));
    }
    return agent;
  }

  /** Of every class that an answer writes in another way, larger than all buffers on the way. */
  private static Map<String, byte[]> values() {
    Map<String, byte[]> values = new TreeMap<>();
    values.put("TEXT", "x".repeat(MIB).getBytes(StandardCharsets.UTF_8));
    values.put("WIDE", "äö€😀".repeat(MIB / 12).getBytes(StandardCharsets.UTF_8));
    values.put("QUOTES", "\"\\".repeat(MIB / 2).getBytes(StandardCharsets.UTF_8));
    values.put("CONTROLS", "\u0001\n".repeat(MIB / 2).getBytes(StandardCharsets.UTF_8));
    values.put(
        "OBJECT",
        ("{\"a\":\"" + "y".repeat(MIB - 20) + "\",\"b\":1}").getBytes(StandardCharsets.UTF_8));
    byte[] binary = new byte[MIB - 1];
    java.util.Arrays.fill(binary, (byte) 0xff);
    values.put("BINARY", binary);
    return values;
  }

  private static Map<String, String> requests(String name) {
    String get = "{\"SecretId\":\"" + name + "\"}";
    String batch = "{\"SecretIdList\":[\"" + name + "\"]}";
    String token = "X-Vault-Token: " + RunningAgent.TOKEN;
    Map<String, String> requests = new TreeMap<>();
    requests.put(
        "native",
        RunningAgent.request("GET /v1/secrets/" + name + " HTTP/1.1", "Host: 127.0.0.1", token));
    requests.put(
        "aws-agent",
        RunningAgent.request("GET /v1/" + name + " HTTP/1.1", "Host: 127.0.0.1", token));
    requests.put("aws", aws("GetSecretValue", get));
    requests.put("batch", aws("BatchGetSecretValue", batch));
    requests.put(
        "vault",
        RunningAgent.request(
            "GET /v1/secret/data/" + name + " HTTP/1.1", "Host: 127.0.0.1", token));
    return requests;
  }

  private static String aws(String operation, String body) {
    return RunningAgent.request(
            "POST / HTTP/1.1",
            "Host: 127.0.0.1",
            "X-Amz-Target: secretsmanager." + operation,
            "Content-Length: " + body.length())
        + body;
  }

  private static Socket ask(int port, String request) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024); // or the kernel would read for it
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void await(BooleanSupplier isTrue) {
    for (int i = 0; i < 3000 && !isTrue.getAsBoolean(); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      assertThat(c).as("the head is whole: %s", head).isNotNegative();
      head.append((char) c);
    }
    return head.toString();
  }

  private static int length(String head) {
    return Integer.parseInt(head.replaceFirst("(?s).*Content-Length: ([0-9]+).*", "$1"));
  }

  /** In each form, and for each class of value: what is counted is what the client gets. */
  @Test
  void answerCountsWithAllItsBytesUntilTheClientHasThem() throws IOException {
    try (RunningAgent agent = agent(64L * MIB, 64L * MIB)) {
      for (String name : values().keySet()) {
        for (Map.Entry<String, String> each : requests(name).entrySet()) {
          int port = each.getKey().equals("vault") ? agent.vaultPort() : agent.port();
          try (Socket socket = ask(port, each.getValue())) {
            String head = head(socket.getInputStream());
            assertThat(head).as(each.getKey() + " " + name).startsWith("HTTP/1.1 200");
            assertThat(agent.bytesOfAnswers())
                .as(each.getKey() + " " + name)
                .isEqualTo(length(head));
            assertThat(socket.getInputStream().readNBytes(length(head))).hasSize(length(head));
            await(() -> agent.bytesOfAnswers() == 0);
            assertThat(agent.bytesOfAnswers()).isZero();
          }
        }
      }
    }
  }

  /** Also those that ask again and again, on a connection or on a new one. */
  @Test
  void userWhoReadsNothingHasNoMoreThanHisShare() throws IOException {
    long share = 6L * MIB;
    try (RunningAgent agent = agent(2 * share, 64L * MIB)) {
      List<Socket> held = new ArrayList<>();
      long most = 0;
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++) {
          String request = requests("TEXT").get("native");
          held.add(ask(agent.port(), request + request));
          most = Math.max(most, agent.bytesOfAnswers());
        }
        await(() -> agent.bytesOfAnswers() >= share - MIB);
        most = Math.max(most, agent.bytesOfAnswers());
      }
      assertThat(most).isBetween(share - MIB, share);
      // A client of the same user that reads gets its answer: those that do not give up theirs.
      try (Socket reads = ask(agent.port(), requests("TEXT").get("native"))) {
        String head = head(reads.getInputStream());
        if (head.startsWith("HTTP/1.1 200")) {
          assertThat(reads.getInputStream().readNBytes(length(head))).hasSize(MIB);
        } else {
          assertThat(head).startsWith("HTTP/1.1 503").contains("Retry-After: 1\r\n");
        }
      }
      for (Socket each : held) {
        each.close();
      }
      await(() -> agent.bytesOfAnswers() == 0);
      assertThat(agent.bytesOfAnswers()).as("when all are gone").isZero();
      assertThat(agent.get("/v1/secrets/TEXT").body()).hasSize(MIB);
    }
  }

  /** One that does not read is closed after a second, because another one of its user waits. */
  @Test
  void clientThatReadsNothingGivesUpItsRoomForOneThatReads() throws IOException {
    try (RunningAgent agent = agent(2L * MIB, 64L * MIB)) {
      try (Socket held = ask(agent.port(), requests("TEXT").get("native"))) {
        await(() -> agent.bytesOfAnswers() == MIB);
        assertThat(agent.get("/v1/secrets/TEXT").body()).hasSize(MIB);
        assertThat(held.getInputStream().readAllBytes().length)
            .as("the answer of the first is cut off")
            .isLessThan(MIB);
      }
    }
  }

  private static Caller caller(BytesUnderWay.Held room) {
    PeerSocket peer = PeerSocket.unix(Optional.of(RunningAgent.OWN_USER));
    return new Caller(peer, Optional.empty(), "test", room);
  }

  /** Lists have no values, but a store with many names makes them as large. */
  @Test
  void listsCountToo() throws IOException {
    try (RunningAgent agent = agent(64L * MIB, 64L * MIB)) {
      for (int i = 0; i < 3000; i++) {
        agent.store.holding("folder/" + "n".repeat(i % 100) + i, "v");
      }
      AuthorizedReads reads =
          new AuthorizedReads(
              agent.provider,
              agent.currentRules(),
              new ThrottledDenialLog(ReadLog.NONE, System::nanoTime),
              AuthorizedReads.FRESH);
      BytesUnderWay bytes = new BytesUnderWay(64L * MIB, Duration.ZERO);
      for (String path : List.of("/v1/secret/metadata/folder", "/v1/secret/metadata/TEXT")) {
        try (BytesUnderWay.Held room = bytes.of("a")) {
          String method = path.endsWith("folder") ? "LIST" : "GET";
          ByteArrayOutputStream written = new ByteArrayOutputStream();
          new VaultDialect(reads, InstantSource.system())
              .answer(new HttpRequest(method, path, Map.of(), Map.of(), new byte[0]), caller(room))
              .writeTo(Channels.newChannel(written), HttpAnswer.Ending.KEEP);
          assertThat(bytes.bytes())
              .as(path)
              .isGreaterThanOrEqualTo(path.endsWith("folder") ? written.size() : 512);
        }
      }
    }
  }

  /** A body takes many times its bytes as objects: few of a user's are read at once. */
  @Test
  void bodiesThatDoNotEndTakeTheirShareOnly() throws IOException {
    long all = 2 * RequestReader.MOST_MEMORY;
    try (RunningAgent agent = agent(64L * MIB, all)) {
      String begun =
          RunningAgent.request(
              "POST / HTTP/1.1",
              "Host: 127.0.0.1",
              "X-Amz-Target: secretsmanager.GetSecretValue",
              "Content-Length: 65536");
      List<Socket> held = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        held.add(ask(agent.port(), begun + "{"));
      }
      int refused = 0;
      int closed = 0;
      for (Socket each : held) {
        String answer = new String(each.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        refused += answer.startsWith("HTTP/1.1 503") ? 1 : 0;
        closed += answer.isEmpty() ? 1 : 0;
        each.close();
      }
      assertThat(refused).as("without room").isGreaterThan(10);
      assertThat(refused + closed).isEqualTo(20);
      assertThat(
              agent
                  .tcp(
                      aws("GetSecretValue", "{\"SecretId\":\"QUOTES\"}")
                          .replace("Host", "Connection: close\r\nHost"))
                  .status())
          .isEqualTo(200);
    }
  }
}
