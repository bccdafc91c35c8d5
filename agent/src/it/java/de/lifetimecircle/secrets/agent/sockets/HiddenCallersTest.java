package de.lifetimecircle.secrets.agent.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that end their connection, or half of it, so that nobody would know who asked. */
class HiddenCallersTest {
  private static final String ROW =
      "   0: 0100007F:9C42 0100007F:0AD5 %02X 00000000:00000000 00:00000000 00000000 %5d 0 %d 1%n";
  private static final String TOKEN = "X-Vault-Token: " + RunningAgent.TOKEN;

  @TempDir Path folder;

  private static InetSocketAddress address(String host, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  private TcpPeerLookup fake(String rows) throws IOException {
    Path net = Files.createDirectories(folder.resolve("proc/net"));
    Files.writeString(net.resolve("tcp"), "  sl  local_address rem_address   st\n" + rows);
    Path accounts = Files.writeString(folder.resolve("passwd"), "app:x:4711:4711::/:/bin/sh\n");
    return new TcpPeerLookup(folder.resolve("proc"), accounts);
  }

  /** All states that the kernel has; without an inode it writes user 0, who is not root. */
  @Test
  void socketInAnyStateIsItsOwnersWhileItHasAnInode() throws IOException {
    for (int state = 1; state <= 12; state++) {
      TcpPeerLookup owners = fake(String.format(Locale.ROOT, ROW, state, 4711, 99));
      assertThat(owners.of(address("127.0.0.1", 0x9C42), address("127.0.0.1", 0x0AD5)))
          .as("state %d", state)
          .map(TcpPeerLookup.Owner::user)
          .contains("app");
      TcpPeerLookup closed = fake(String.format(Locale.ROOT, ROW, state, 0, 0));
      assertThat(closed.of(address("127.0.0.1", 0x9C42), address("127.0.0.1", 0x0AD5)))
          .as("state %d, closed", state)
          .isEmpty();
    }
  }

  /** The ways in which a client may end its half, and still read. */
  private enum Half {
    OPEN,
    CLIENT_HAS_ENDED,
    CLIENT_HAS_ENDED_BEHIND_UNREAD_BYTES,
    SERVER_HAS_ENDED;

    void end(SocketChannel client, SocketChannel server) throws IOException {
      switch (this) {
        case CLIENT_HAS_ENDED -> client.shutdownOutput();
        case CLIENT_HAS_ENDED_BEHIND_UNREAD_BYTES -> {
          client.configureBlocking(false);
          int empty = 0;
          while (empty < 3) { // until the server's buffer is full: the end cannot be sent
            empty = client.write(ByteBuffer.allocate(1 << 16)) == 0 ? empty + 1 : 0;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
          }
          client.shutdownOutput();
        }
        case SERVER_HAS_ENDED -> server.shutdownOutput();
        case OPEN -> assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void clientThatEndsItsHalfIsNamed() throws IOException {
    TcpPeerLookup owners = TcpPeerLookup.ofThisHost();
    for (String host : List.of("127.0.0.1", "::1")) { // Java connects by IPv6 to both
      for (Half half : Half.values()) {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(address(host, 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            SocketChannel server = listener.accept()) {
          half.end(client, server);
          InetSocketAddress theirs = (InetSocketAddress) server.getRemoteAddress();
          assertThat(owners.of(theirs, (InetSocketAddress) server.getLocalAddress()))
              .as(host + " " + half)
              .map(TcpPeerLookup.Owner::user)
              .contains(RunningAgent.OWN_USER);
        }
      }
    }
  }

  private static void close(SocketChannel client, boolean withReset) throws IOException {
    if (withReset) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
    client.close();
  }

  @Test
  void clientThatHasGoneIsHidden() throws IOException {
    TcpPeerLookup owners = TcpPeerLookup.ofThisHost();
    for (String host : List.of("127.0.0.1", "::1")) {
      for (boolean withReset : new boolean[] {false, true}) {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(address(host, 0))) {
          SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          try (SocketChannel server = listener.accept()) {
            close(client, withReset);
            PeerSocket peer = PeerSocket.tcp(server, owners);
            assertThat(peer.user()).isEmpty();
            assertThat(peer.isHidden()).as(host).isTrue();
          }
        }
      }
    }
  }

  @Test
  void clientOfAnotherHostHidesNothingAndNeitherDoesOneOfAnotherSystem() throws IOException {
    TcpPeerLookup owners = TcpPeerLookup.ofThisHost();
    assertThat(owners.areToldOf(address("127.0.0.1", 1))).isTrue();
    assertThat(owners.areToldOf(address("127.1.2.3", 1))).isTrue();
    assertThat(owners.areToldOf(address("::1", 1))).isTrue();
    assertThat(owners.areToldOf(address("192.0.2.1", 1))).isFalse();
    assertThat(owners.areToldOf(address("2001:db8::1", 1))).isFalse();
    TcpPeerLookup none = new TcpPeerLookup(folder.resolve("none"), folder.resolve("none"));
    assertThat(none.areToldOf(address("127.0.0.1", 1))).isFalse();
  }

  private RunningAgent agent(TcpPeerLookup owners, Path log, String rules) throws IOException {
    FakeStore store = FakeStore.create();
    try (SecretProvider of =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("audit.log", log.toString())
            .build()) {
      RunningAgent agent =
          RunningAgent.start(
              folder,
              rules,
              store,
              RunningAgent.Adjustments.NONE
                  .owners(owners)
                  .log(ReadLog.of(of))
                  .limits(ServerLimits.STANDARD));
      agent.store.holding("APP_KEY", "value-of-app");
      return agent;
    }
  }

  private static List<Map<?, ?>> lines(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .<Map<?, ?>>map(line -> (Map<?, ?>) Json.parse(line))
        .toList();
  }

  private static byte[] request() {
    return RunningAgent.request("GET /v1/secrets/APP_KEY HTTP/1.1", "Host: 127.0.0.1", TOKEN)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Before the agent looks, and after it. */
  @Test
  void readsOfAStolenTokenNameTheUserWhoHasIt() throws IOException {
    Path log = folder.resolve("audit.log");
    int reads = 20;
    try (RunningAgent agent = agent(TcpPeerLookup.ofThisHost(), log, RunningAgent.everything())) {
      for (int i = 0; i < reads; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), agent.port())) {
          if (i % 2 == 1) { // it is known already
            socket.getOutputStream().write(request());
            assertThat(socket.getInputStream().read(new byte[512])).isPositive();
          }
          socket.getOutputStream().write(request());
          socket.shutdownOutput();
          assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .endsWith("value-of-app");
        }
      }
    }
    assertThat(lines(log))
        .hasSize(reads + reads / 2)
        .allMatch(line -> Json.text(line, "reader-user").equals(RunningAgent.OWN_USER))
        .allMatch(line -> Json.text(line, "principal").equals("token test"));
  }

  /** The kernel keeps its user with the socket. */
  @Test
  void userOfAUnixSocketIsNamedInEveryState() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = agent(TcpPeerLookup.ofThisHost(), log, RunningAgent.everything())) {
      for (boolean isRead : new boolean[] {true, false}) {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(agent.socket))) {
          assertThat(client.write(ByteBuffer.wrap(request()))).isPositive();
          client.shutdownOutput();
          if (isRead) {
            assertThat(
                    new String(
                        Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8))
                .endsWith("value-of-app");
          }
        }
      }
    }
    assertThat(lines(log))
        .isNotEmpty()
        .allMatch(line -> Json.text(line, "reader-user").equals(RunningAgent.OWN_USER));
  }

  private static final String ASK_AND_END =
      """
      import socket, struct, sys
      request = open(sys.argv[2], "rb").read()
      for i in range(20):
          for way in ("half", "close", "reset"):
              for host in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
                  s = socket.create_connection((host, int(sys.argv[1])))
                  s.sendall(request)
                  if way == "half":
                      s.shutdown(socket.SHUT_WR)
                      answer = b""
                      while True:
                          part = s.recv(4096)
                          if not part:
                              break
                          answer += part
                      print(answer.decode()[9:12], flush=True)
                  elif way == "reset":
                      s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                  s.close()
      """;

  /** No answer for somebody whom no line names. */
  @Test
  void anotherUserWhoEndsItsConnectionIsNamedOrRefused() throws Exception {
    Path log = folder.resolve("audit.log");
    try (SecondAccount account = SecondAccount.create()) {
      try (RunningAgent agent = agent(TcpPeerLookup.ofThisHost(), log, RunningAgent.everything())) {
        Path request = account.write("request", request());
        String said =
            account.run(
                "python3", "-c", ASK_AND_END, String.valueOf(agent.port()), request.toString());
        assertThat(said.lines()).hasSize(60).containsOnly("200");
      }
      List<Map<?, ?>> answered =
          lines(log).stream().filter(line -> Json.text(line, "outcome").equals("ok")).toList();
      assertThat(answered)
          .hasSizeGreaterThanOrEqualTo(60)
          .allMatch(line -> Json.text(line, "reader-user").equals(account.name()));
      assertThat(lines(log).stream().filter(line -> !answered.contains(line)))
          .allMatch(line -> Json.text(line, "outcome").equals("caller-hidden"))
          .allMatch(line -> Json.text(line, "reader-user").equals("unknown"));
    }
  }

  /** With a token too, in every form; a Unix socket needs no such look. */
  @Test
  void callerWhomTheSystemDoesNotNameIsRefusedWithALine() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = agent(fake(""), log, RunningAgent.everything())) {
      String end = "Connection: close";
      String body = "{\"SecretId\":\"APP_KEY\"}";
      assertThat(agent.get("/v1/secrets/APP_KEY", TOKEN).status()).isEqualTo(403);
      assertThat(agent.get("/v1/secrets/APP_KEY").status()).isEqualTo(403);
      assertThat(agent.get("/v1/APP_KEY", TOKEN).status()).isEqualTo(403);
      assertThat(
              agent
                  .vault(
                      RunningAgent.request(
                          "GET /v1/secret/data/APP_KEY HTTP/1.1", "Host: 127.0.0.1", TOKEN, end))
                  .text())
          .contains("permission denied")
          .doesNotContain("value-of-app");
      assertThat(
              agent
                  .tcp(
                      RunningAgent.request(
                              "POST / HTTP/1.1",
                              "Host: 127.0.0.1",
                              TOKEN,
                              end,
                              "X-Amz-Target: secretsmanager.ListSecretVersionIds",
                              "Content-Length: " + body.length())
                          + body)
                  .text())
          .contains("AccessDeniedException");
      assertThat(agent.store.calls()).isZero();
      String unix =
          RunningAgent.request("GET /v1/secrets/APP_KEY HTTP/1.1", "Host: 127.0.0.1", TOKEN, end);
      assertThat(agent.unix(unix).text()).isEqualTo("value-of-app");
    }
    assertThat(lines(log))
        .extracting(line -> Json.text(line, "principal") + " " + Json.text(line, "outcome"))
        .containsOnly("token test caller-hidden", "unknown caller-hidden", "token test ok");
    assertThat(lines(log)).extracting(line -> Json.text(line, "name")).containsOnly("APP_KEY");
  }

  @Test
  void ownAddressThatIsNotLoopbackIsLookedUpToo() throws IOException {
    Optional<InetAddress> own =
        java.net.NetworkInterface.networkInterfaces()
            .flatMap(java.net.NetworkInterface::inetAddresses)
            .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
            .findFirst();
    if (own.isPresent()) { // a host without a network has only loopback, which has its own test
      try (ServerSocket server = new ServerSocket(0, 1, own.get());
          Socket client = new Socket(own.get(), server.getLocalPort())) {
        assertThat(
                TcpPeerLookup.ofThisHost()
                    .areToldOf((InetSocketAddress) client.getLocalSocketAddress()))
            .isTrue();
      }
    }
  }
}
