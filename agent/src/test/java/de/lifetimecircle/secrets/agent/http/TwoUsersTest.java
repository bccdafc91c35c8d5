package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two users of one host: the connections of one cost the other nothing. */
class TwoUsersTest {
  private static final Map<String, Integer> UIDS = Map.of("root", 0, "app", 4711);

  private final CountDownLatch over = new CountDownLatch(1);
  private final Semaphore busy = new Semaphore(0);

  @TempDir Path folder;

  @BeforeEach
  void writeAccounts() throws IOException {
    Files.createDirectories(folder.resolve("net"));
    Files.writeString(folder.resolve("net/tcp"), "  sl  local_address rem_address   st\n");
    StringBuilder accounts = new StringBuilder();
    UIDS.forEach((user, uid) -> accounts.append(user + ":x:" + uid + ":" + uid + "::/:/bin/sh\n"));
    Files.writeString(folder.resolve("passwd"), accounts.toString());
  }

  private AgentServer server(int connections, int ofUser) {
    return new AgentServer(
        new ServerLimits(
            connections,
            ofUser,
            Duration.ofSeconds(50),
            Duration.ofSeconds(50),
            Duration.ofMillis(200)),
        new AgentMetrics(),
        new TcpPeerLookup(folder, folder.resolve("passwd")));
  }

  private InetSocketAddress listen(AgentServer server) throws IOException {
    return server.listen(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0),
        (request, peer, room) -> {
          if (request.path().equals("/busy")) {
            busy.release();
            await();
          }
          return HttpAnswer.text(200, peer.user().orElse("nobody"));
        });
  }

  private void await() {
    try {
      assertThat(over.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Connects as that user: the table of sockets has the connection before the server sees it. */
  private Socket connect(String user, InetSocketAddress server) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(20_000);
    socket.bind(new InetSocketAddress(server.getAddress(), 0));
    String row =
        String.format(
            Locale.ROOT,
            "   0: 0100007F:%04X 0100007F:%04X 01 00000000:00000000 00:00000000 00000000 %5d 0 99 1%n",
            socket.getLocalPort(),
            server.getPort(),
            UIDS.get(user));
    Files.writeString(folder.resolve("net/tcp"), row, StandardOpenOption.APPEND);
    socket.connect(server);
    return socket;
  }

  private static String ask(Socket socket) throws IOException {
    send(socket, "/");
    byte[] answer = new byte[512];
    int length = socket.getInputStream().read(answer);
    return length < 0 ? "closed" : new String(answer, 0, length, StandardCharsets.US_ASCII);
  }

  private static void send(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            RunningAgent.request("GET " + path + " HTTP/1.1", "Host: localhost")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private Socket busy(String user, InetSocketAddress server) throws Exception {
    Socket socket = connect(user, server);
    send(socket, "/busy");
    assertThat(busy.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    return socket;
  }

  /** One who has his share, all of it busy, gets a refusal and not the place of another user. */
  @ParameterizedTest
  @CsvSource({"app, root, 2", "root, app, 2", "app, root, 1", "root, app, 3"})
  void aShareThatIsUsedUpClosesNoConnectionOfAnotherUser(String many, String one, int share)
      throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (AgentServer server = server(8, share)) {
      InetSocketAddress address = listen(server);
      Socket idle = connect(one, address);
      sockets.add(idle);
      assertThat(ask(idle)).endsWith(one);
      for (int i = 0; i < share; i++) {
        sockets.add(busy(many, address));
      }
      Socket refused = connect(many, address);
      sockets.add(refused);
      assertThat(ask(refused)).startsWith("HTTP/1.1 503").contains("its user has");
      assertThat(ask(idle)).as("the idle one of %s", one).endsWith(one);
      over.countDown();
    } finally {
      for (Socket each : sockets) {
        each.close();
      }
    }
  }
}
