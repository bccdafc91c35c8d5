package de.lifetimecircle.secrets.agent.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies at the place of the Unix socket before and after an agent. */
class SocketFileTest {
  @TempDir Path folder;

  private RunningAgent start() throws IOException {
    return RunningAgent.start(folder, RunningAgent.everything());
  }

  @Test
  void secondAgentLeavesTheSocketOfTheFirst() throws IOException {
    try (RunningAgent first = start()) {
      first.store.holding("A", "a");
      assertThatThrownBy(this::start)
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("another program listens on it");

      assertThat(
              first
                  .unix(
                      RunningAgent.request(
                          "GET /v1/secrets/A HTTP/1.1", "Host: localhost", "Connection: close"))
                  .status())
          .isEqualTo(200);
    }
    assertThat(folder.resolve("agent.sock")).doesNotExist();
  }

  @Test
  void fileOfSomebodyStays() throws IOException {
    Path file = Files.writeString(folder.resolve("agent.sock"), "notes");

    assertThatThrownBy(this::start)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("exists and is no socket");

    assertThat(file).hasContent("notes");
  }

  @Test
  void socketOfAKilledAgentIsReplaced() throws IOException {
    Path dead = folder.resolve("agent.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(dead));
    }
    assertThat(dead).exists();

    start().close();

    assertThat(dead).doesNotExist();
  }
}
