package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs an agent once and asks it in each form, so that the launcher can make a class-data archive
 * of its classes. The agent has an archive of its own, because it runs for weeks: the JVM keeps all
 * of an archive in memory, and the one of the commands is nearly three times as large, mostly by
 * the client of AWS. So no client of a cloud is warmed up here.
 *
 * <p>The agent serves a made-up value from a temporary store. It reads nothing of the user's.
 * Stateless; blocks.
 */
final class AgentWarmUp {
  /** The hidden word after {@code secrets agent}. */
  static final String WORD = "warm-up";

  private static final String NAME = "warm/UP";
  private static final String VALUE = "warm";

  /** The longest path of a socket that every system takes. */
  private static final int LONGEST_SOCKET = 100;

  private AgentWarmUp() {}

  /**
   * Warms up.
   *
   * @param home an empty folder for the temporary store
   * @return 0 if every form was answered; else 1, and the archive then costs time at later starts
   */
  static int run(Path home) {
    Map<String, String> files = Map.of("HOME", home.toString());
    try (SecretWriter writer = SecretProvider.builder().environment(files).buildWriter();
        SecretValue value = SecretValue.of(VALUE)) {
      writer.put(NAME, value);
    }
    AgentOptions options = options(home.resolve("agent.sock"));
    SecretProvider provider = SecretProvider.builder().environment(files).build();
    try (SecretsAgent agent =
        new SecretsAgent(
            options,
            provider,
            CurrentRules.of(options.rules(), NamePrefix.NONE),
            ReadLog.of(provider))) {
      agent.start();
      agent.tick();
      return isAnswered(agent, options) ? 0 : 1;
    } catch (IOException | SecretException e) {
      return 1; // where no server may listen, for example
    }
  }

  private static AgentOptions options(Path socket) {
    boolean fits = socket.toString().length() < LONGEST_SOCKET;
    String any = "127.0.0.1:0";
    return AgentOptions.of(
        List.of("--socket", fits ? socket.toString() : "none", "--listen", any, "--vault", any),
        Map.of());
  }

  private static boolean isAnswered(SecretsAgent agent, AgentOptions options) throws IOException {
    SocketAddress tcp = agent.addresses().get(0);
    SocketAddress common =
        options.socket().<SocketAddress>map(UnixDomainSocketAddress::of).orElse(tcp);
    String body = "{\"SecretId\":\"" + NAME + "\"}";
    return isAnswered(tcp, "GET /v1/secrets/" + NAME + " HTTP/1.1", "Secrets-Request: true")
        && isAnswered(common, "GET /health HTTP/1.1", "Accept: */*")
        && isAnswered(
            common, "GET /secretsmanager/get?secretId=" + NAME + " HTTP/1.1", "Accept: */*")
        && isAnswered(
            tcp,
            "POST / HTTP/1.1",
            "X-Amz-Target: secretsmanager.GetSecretValue\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
        && isAnswered(
            agent.vaultAddresses().get(0),
            "GET /v1/secret/data/" + NAME + " HTTP/1.1",
            "X-Vault-Request: true");
  }

  private static boolean isAnswered(SocketAddress where, String start, String header)
      throws IOException {
    String text = start + "\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n";
    try (SocketChannel client = SocketChannel.open(where)) {
      ByteBuffer request = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (request.hasRemaining()) {
        int unused = client.write(request);
      }
      ByteBuffer answer = ByteBuffer.allocate(4096);
      int read = 0;
      while (read >= 0 && answer.hasRemaining()) {
        read = client.read(answer);
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII)
          .startsWith("HTTP/1.1 200 ");
    }
  }
}
