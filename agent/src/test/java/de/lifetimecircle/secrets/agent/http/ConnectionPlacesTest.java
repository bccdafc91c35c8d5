package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections before anybody knows whose they are, and connections that end with an error. */
class ConnectionPlacesTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String GET = RunningAgent.request("GET / HTTP/1.1", "Host: localhost");

  private static final Logger LOG = Logger.getLogger("de.lifetimecircle.secrets.agent");

  @TempDir Path folder;

  private static AgentServer server(TcpPeerLookup owners) {
    return new AgentServer(
        new ServerLimits(
            4, 4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(200)),
        new AgentMetrics(),
        owners);
  }

  private static String ask(SocketChannel client) throws IOException {
    int unused = client.write(ByteBuffer.wrap(GET.getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer answer = ByteBuffer.allocate(512);
    int length = client.read(answer);
    return length < 0 ? "closed" : new String(answer.array(), 9, 3, StandardCharsets.US_ASCII);
  }

  /**
   * A user who connects in a loop makes the looks slow; his connections are nobody's until then.
   */
  @Test
  void connectionsOfUnknownUsersTakeNoPlaceOfOthers() throws Exception {
    Path table = Files.createDirectories(folder.resolve("net")).resolve("tcp");
    assumeTrue(Files.exists(Path.of("/usr/bin/mkfifo")), "mkfifo is not installed");
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", table.toString()).start().waitFor()).isZero();
    UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(folder.resolve("agent.sock"));
    List<Socket> pending = new ArrayList<>();
    try (AgentServer server = server(new TcpPeerLookup(folder, folder.resolve("passwd")))) {
      AgentServer.Handler handler = (request, peer, room) -> HttpAnswer.text(200, "here");
      server.listen(unix, handler);
      InetSocketAddress address = server.listen(ANY, handler);
      try (SocketChannel idle = SocketChannel.open(unix)) {
        assertThat(ask(idle)).isEqualTo("200");
        for (int i = 0; i < 100; i++) { // as many as are served and as the kernel keeps
          pending.add(new Socket(address.getAddress(), address.getPort()));
        }
        for (int i = 0; i < 100 && server.connections() < 33; i++) {
          LockSupport.parkNanos(10_000_000);
        }
        assertThat(server.connections())
            .as("32 of an unknown user, and the idle one")
            .isEqualTo(33);
        assertThat(ask(idle)).as("the idle one of another user").isEqualTo("200");
        try (SocketChannel another = SocketChannel.open(unix)) {
          assertThat(ask(another)).as("a connection that comes later").isEqualTo("200");
        }
      }
    } finally {
      // For both, so that it does not wait for a reader if no look began.
      try (FileChannel end =
          FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        Files.delete(table); // the look that waits ends, and the next ones find no table
      }
      for (Socket each : pending) {
        each.close();
      }
    }
  }

  /** More at once than are looked up at once; the kernel keeps the rest for a moment. */
  @Test
  void manyWhoConnectAtOnceAreAllServed() throws Exception {
    try (AgentServer server =
        new AgentServer(ServerLimits.STANDARD, new AgentMetrics(), TcpPeerLookup.ofThisHost())) {
      InetSocketAddress address =
          server.listen(ANY, (request, peer, room) -> HttpAnswer.text(200, "here"));
      List<SocketChannel> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        clients.add(SocketChannel.open(address));
      }
      for (SocketChannel each : clients) {
        assertThat(ask(each)).isEqualTo("200");
        each.close();
      }
    }
  }

  @Test
  void errorEndsItsOwnConnectionOnlyAndIsLogged() throws Exception {
    Lines log = new Lines();
    LOG.addHandler(log);
    try (AgentServer server = server(TcpPeerLookup.ofThisHost())) {
      InetSocketAddress address =
          server.listen(
              ANY,
              (request, peer, room) -> {
                if (request.path().equals("/bad")) {
                  throw new StackOverflowError("not shown");
                }
                return HttpAnswer.text(200, "here");
              });
      try (Socket bad = new Socket(address.getAddress(), address.getPort())) {
        bad.getOutputStream()
            .write(GET.replace(" / ", " /bad ").getBytes(StandardCharsets.US_ASCII));
        assertThat(bad.getInputStream().readAllBytes()).isEmpty();
      }
      try (SocketChannel good = SocketChannel.open(address)) {
        assertThat(ask(good)).isEqualTo("200");
      }
      assertThat(log.lines)
          .anyMatch(line -> line.contains("StackOverflowError"))
          .noneMatch(line -> line.contains("not shown"));
    } finally {
      LOG.removeHandler(log);
    }
  }

  /** Keeps what is logged. */
  private static final class Lines extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().format(record));
    }

    @Override
    public void flush() {
      // Nothing waits here.
    }

    @Override
    public void close() {
      lines.clear();
    }
  }
}
