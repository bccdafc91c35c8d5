package de.lifetimecircle.secrets.agent.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of sockets: of a host with many connections, and with closed ones. */
class TcpPeerLookupTest {
  private static final int PORT = 0x0AD5;
  private static final int ROWS = 150_000;

  @TempDir Path folder;

  /** A busy proxy has as many, and so has a user who wants to: none may cost the agent memory. */
  @Test
  void connectionsOfOthersNeedNoMemory() throws Exception {
    Files.createDirectories(folder.resolve("net"));
    try (BufferedWriter table = Files.newBufferedWriter(folder.resolve("net/tcp"))) {
      table.write("  sl  local_address rem_address   st\n");
      for (int i = 0; i < ROWS; i++) {
        table.write(row(0x7F100000 + i, 40_000, i % 2 == 0 ? PORT : 443, 99));
      }
      table.write(row(0x7F000001, 40_000, PORT, 4711));
    }
    Files.writeString(folder.resolve("passwd"), "app:x:4711:4711::/:/bin/sh\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Looks.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEqualTo("app app app");
  }

  @Test
  void ownerOfALoopbackSocketIsFoundByBothFamilies() throws IOException {
    TcpPeerLookup owners = TcpPeerLookup.ofThisHost();
    for (String address : List.of("127.0.0.1", "::1")) {
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
          Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket accepted = server.accept()) {
        Optional<TcpPeerLookup.Owner> owner =
            owners.of(
                (InetSocketAddress) accepted.getRemoteSocketAddress(),
                (InetSocketAddress) accepted.getLocalSocketAddress());
        assertThat(owner.map(TcpPeerLookup.Owner::user)).contains(RunningAgent.OWN_USER);
        assertThat(owners.program(owner.orElseThrow()).orElseThrow())
            .contains("[" + ProcessHandle.current().pid() + "]");
      }
    }
  }

  private static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  /** The kernel writes user 0 for a socket that its program has closed: that is not root. */
  @Test
  void closedSocketHasNoOwner() throws IOException {
    Path net = Files.createDirectories(folder.resolve("net"));
    Files.writeString(
        net.resolve("tcp"),
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:9C40 0100007F:0AD5 06 00000000:00000000 03:00001000 00000000     0        0 0 3
           1: 0100007F:9C41 0100007F:0AD5 01 00000000:00000000 00:00000000 00000000     0        0 0 1
           2: 0100007F:9C42 0100007F:0AD5 01 00000000:00000000 00:00000000 00000000  4711        0 99 1
        """);
    Path accounts = Files.writeString(folder.resolve("passwd"), "app:x:4711:4711::/:/bin/sh\n");
    TcpPeerLookup owners = new TcpPeerLookup(folder, accounts);
    InetSocketAddress ours = loopback(0x0AD5);
    assertThat(owners.of(loopback(0x9C40), ours)).isEmpty();
    assertThat(owners.of(loopback(0x9C41), ours)).isEmpty();
    assertThat(owners.of(loopback(0x9C43), ours)).isEmpty();
    assertThat(owners.of(loopback(0x9C42), ours)).map(TcpPeerLookup.Owner::user).contains("app");
    // The number of a removed user goes to another one, who must not get the rights of the first.
    Files.writeString(accounts, "other:x:4711:4711::/:/bin/sh\n");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1100));
    assertThat(owners.of(loopback(0x9C42), ours)).map(TcpPeerLookup.Owner::user).contains("other");
  }

  /** A user of a directory service has a name by its processes only, which end at any moment. */
  @Test
  void processesThatEndDuringTheLookHideNoUser() throws Exception {
    Path net = Files.createDirectories(folder.resolve("net"));
    int uid = (Integer) Files.getAttribute(folder, "unix:uid");
    Files.writeString(net.resolve("tcp"), "  sl\n" + row(0x7F000001, 40_000, PORT, uid));
    Files.createDirectory(folder.resolve("9"));
    List<Path> others = Stream.of("1", "2", "3", "4").map(folder::resolve).toList();
    AtomicBoolean isOver = new AtomicBoolean();
    FutureTask<Boolean> ending =
        new FutureTask<>(
            () -> {
              while (!isOver.get()) {
                for (Path process : others) {
                  Files.createDirectory(process);
                }
                for (Path process : others) {
                  Files.delete(process);
                }
              }
              return true;
            });
    new Thread(ending, "processes").start();
    try {
      for (int i = 0; i < 5000; i++) { // each remembers a name for a while
        TcpPeerLookup owners = new TcpPeerLookup(folder, folder.resolve("passwd"));
        assertThat(owners.of(loopback(40_000), loopback(PORT)).map(TcpPeerLookup.Owner::user))
            .contains(Files.getOwner(folder).getName());
      }
    } finally {
      isOver.set(true);
    }
    assertThat(ending.get(50, TimeUnit.SECONDS)).isTrue();
  }

  /** As the kernel writes a connection between two addresses of loopback. */
  private static String row(int address, int port, int remote, int uid) {
    return String.format(
        Locale.ROOT,
        "   0: %08X:%04X 0100007F:%04X 01 00000000:00000000 00:00000000 00000000 %5d 0 99 1%n",
        Integer.reverseBytes(address),
        port,
        remote,
        uid);
  }

  /** Looks three times, so that a table and the one before it are there together. */
  static final class Looks {
    private Looks() {}

    /** Runs it. */
    public static void main(String... arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      TcpPeerLookup owners = new TcpPeerLookup(folder, folder.resolve("passwd"));
      StringBuilder users = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        users.append(
            owners.of(loopback(40_000), loopback(PORT)).map(TcpPeerLookup.Owner::user).orElse("-"));
        users.append(' ');
      }
      System.out.println(users);
    }
  }
}
