package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** An agent in this process, over a store in memory, with rules of the test's own. */
public final class RunningAgent implements AutoCloseable {
  public static final String OWN_USER = System.getProperty("user.name", "");
  public static final String TOKEN = "a-token-of-the-test";

  public final FakeStore store;
  public final SecretProvider provider;
  final SecretsAgent agent;
  public final Path socket;
  public final Path rules;

  private RunningAgent(Path folder, String text, FakeStore store, Adjustments adjustments)
      throws IOException {
    this.store = store;
    this.socket = folder.resolve("agent.sock");
    this.rules = folder.resolve("agent.rules");
    writeRules(text);
    SecretProviderBuilder builder =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("retries", "0")
            .set("timeout", "30s");
    SecretProviderBuilder adjusted = adjustments.provider().apply(builder);
    this.provider = adjusted.build();
    AgentOptions options =
        new AgentOptions(
            Optional.of(socket),
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            Optional.empty(),
            Optional.of(rules),
            Set.of(),
            adjustments.limits(),
            AgentOptions.Task.SERVE,
            "");
    this.agent =
        new SecretsAgent(
            options,
            provider,
            CurrentRules.of(
                Optional.of(rules), adjusted.setting("prefix").map(NamePrefix::of).orElseThrow()),
            adjustments.log(),
            adjustments.held(),
            adjustments.owners());
    agent.start();
  }

  /** What a test has otherwise. */
  public record Adjustments(
      UnaryOperator<SecretProviderBuilder> provider,
      ServerLimits limits,
      ReadLog log,
      Duration held,
      TcpPeerLookup owners) {
    public static final Adjustments NONE =
        new Adjustments(
            builder -> builder,
            new ServerLimits(
                32, 32, Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(5)),
            ReadLog.NONE,
            AuthorizedReads.FRESH,
            TcpPeerLookup.ofThisHost());

    public Adjustments provider(UnaryOperator<SecretProviderBuilder> change) {
      return new Adjustments(change, limits, log, held, owners);
    }

    public Adjustments limits(ServerLimits other) {
      return new Adjustments(provider, other, log, held, owners);
    }

    public Adjustments log(ReadLog other) {
      return new Adjustments(provider, limits, other, held, owners);
    }

    /** Holds lists for that long. */
    public Adjustments held(Duration other) {
      return new Adjustments(provider, limits, log, other, owners);
    }

    /** Asks these for the user at the other end of a TCP connection. */
    public Adjustments owners(TcpPeerLookup other) {
      return new Adjustments(provider, limits, log, held, other);
    }
  }

  public static RunningAgent start(Path folder, String rules) throws IOException {
    return start(folder, rules, FakeStore.create(), Adjustments.NONE);
  }

  public static RunningAgent start(
      Path folder, String rules, FakeStore store, Adjustments adjustments) throws IOException {
    return new RunningAgent(folder, rules, store, adjustments);
  }

  /** Rules by which the own user and the token may read everything. */
  public static String everything() {
    return "user " + OWN_USER + " *\ntoken test sha256:" + AccessRules.digest(TOKEN) + " *\n";
  }

  public void writeRules(String text) throws IOException {
    Files.writeString(rules, text);
    Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Replaces the rules and reads them. */
  public void rewriteRules(String text) {
    try {
      writeRules(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    agent.rules().reload();
  }

  public int port() {
    return agent.addresses().get(0).getPort();
  }

  public int vaultPort() {
    return agent.vaultAddresses().get(0).getPort();
  }

  public long bytesOfAnswers() {
    return agent.bytesOfAnswers();
  }

  public CurrentRules currentRules() {
    return agent.rules();
  }

  public void tick() {
    agent.tick();
  }

  /** A request as it goes over the wire, with the line ends of HTTP. */
  public static String request(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** A GET of the native form, over TCP. */
  public Answer get(String path, String... headers) {
    String more = String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n");
    return tcp(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost:"
            + port()
            + "\r\nSecrets-Request: true\r\nConnection: close\r\n"
            + more
            + "\r\n");
  }

  public Answer tcp(String raw) {
    return tcp(raw.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends these bytes and reads until the agent closes the connection. */
  public Answer tcp(byte[] raw) {
    return tcp(port(), raw);
  }

  /** Asks the port of the dialect of Vault. */
  public Answer vault(String raw) {
    return tcp(vaultPort(), raw.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer tcp(int port, byte[] raw) {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(60_000);
      client.getOutputStream().write(raw);
      return Answer.of(client.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer unix(String raw) {
    return unix(socket, raw);
  }

  /** Asks an agent that listens there. */
  static Answer unix(Path socket, String raw) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer bytes = ByteBuffer.wrap(raw.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int unused = client.write(bytes);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      Channels.newInputStream(client).transferTo(all);
      return Answer.of(all.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer as a test looks at it: the head as text, and the body. */
  public record Answer(String head, byte[] body) {
    public static Answer of(byte[] all) {
      String text = new String(all, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      return end < 0
          ? new Answer(text, new byte[0])
          : new Answer(
              text.substring(0, end),
              text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The status; 0 if the connection was closed without an answer. */
    public int status() {
      return head.startsWith("HTTP/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : 0;
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
          .map(line -> line.substring(name.length() + 2))
          .findFirst();
    }
  }

  @Override
  public void close() {
    agent.close();
  }
}
