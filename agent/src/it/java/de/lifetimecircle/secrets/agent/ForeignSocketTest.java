package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.agent.sockets.SocketPlace;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another user of this host has something at the place of the socket, or owns the place. */
class ForeignSocketTest {
  private static SecondAccount mallory;
  private Path folder;

  @BeforeAll
  static void makeAccount() {
    mallory = SecondAccount.create();
  }

  @AfterAll
  static void removeAccount() {
    mallory.close();
  }

  /** As {@code /tmp}: whatever is in it, its owner alone can replace. */
  @BeforeEach
  void share() throws IOException {
    folder = Files.createTempDirectory("shared");
    Files.setAttribute(folder, "unix:mode", 01777);
  }

  @AfterEach
  void remove() throws IOException {
    mallory.run("rm", "-rf", folder + "/agent.sock", folder + "/inner");
    Files.deleteIfExists(folder.resolve("agent.rules"));
    Files.delete(folder);
  }

  private RunningAgent start() throws IOException {
    return RunningAgent.start(folder, RunningAgent.everything());
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mkfifo -m 0666 agent.sock",
        "echo notes > agent.sock; chmod 0666 agent.sock",
        "mkdir -m 0777 agent.sock",
        "ln -s /dev/null agent.sock",
        "ln -s nowhere agent.sock",
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"agent.sock\")';"
            + " chmod 0666 agent.sock"
      })
  void whateverTheyHaveThereStays(String script) throws IOException {
    mallory.run("sh", "-c", "cd '" + folder + "'; " + script);
    Path place = folder.resolve("agent.sock");
    Object before = inode(place);
    assertThatThrownBy(this::start)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining(place.toString())
        .hasMessageContaining("--socket");
    assertThat(inode(place)).isEqualTo(before);
  }

  @Test
  void aSocketThatTheyServeStays() throws IOException {
    Process served =
        mallory.start(
            "python3",
            "-uc",
            "import socket; s = socket.socket(socket.AF_UNIX); s.bind('"
                + folder
                + "/agent.sock'); s.listen(); print('ready'); s.accept()");
    assertThat(served.inputReader().readLine()).isEqualTo("ready");
    assertThatThrownBy(this::start)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("is a socket of " + mallory.name())
        .hasMessageContaining("rm " + folder + "/agent.sock");
    assertThat(served.isAlive()).isTrue();
  }

  @Test
  void ourFifoStaysToo() throws Exception {
    Path fifo = folder.resolve("agent.sock");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Object before = inode(fifo);
    assertThatThrownBy(this::start)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining(fifo + ": it exists and is no socket");
    assertThat(inode(fifo)).isEqualTo(before);
    Files.delete(fifo);
  }

  /** They could put a link in its place, whose target would get the mode 0666. */
  @ParameterizedTest
  @ValueSource(strings = {"inner", "inner/new", "inner/link", "inner/link/new"})
  void aPlaceThatTheyCanChangeIsRefused(String place) throws IOException {
    Path ours = Files.createTempDirectory("ours");
    mallory.run(
        "sh",
        "-c",
        "mkdir '" + folder + "/inner'; ln -s '" + ours + "' '" + folder + "/inner/link'");
    mallory.run("chmod", "0777", folder + "/inner");
    assertThatThrownBy(() -> SocketPlace.prepare(folder.resolve(place).resolve("agent.sock")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder + "/" + place + "/agent.sock: another user can replace it")
        .hasMessageContaining("belongs to " + mallory.name());
    assertThat(ours).isEmptyDirectory();
    Files.delete(ours);
  }

  @Test
  void aFolderThatEverybodyCanWriteNeedsTheStickyBit() throws IOException {
    try (RunningAgent agent = start()) {
      assertThat(agent.socket).exists();
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> SocketPlace.prepare(folder.resolve("agent.sock")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run 'chmod go-w");
  }

  private static AgentOptions options(Map<String, String> environment, String... args) {
    return AgentOptions.of(List.of(args), environment);
  }

  @Test
  void aNamedPlaceIsTheOnlyOne() {
    String path = folder + "/agent.sock";
    Map<String, String> unit = Map.of("RUNTIME_DIRECTORY", "/run/secrets-agent");
    assertThat(options(Map.of(), "--socket", path).listen()).isEmpty();
    assertThat(options(unit, "--socket", path).listen()).isEmpty();
    assertThat(options(Map.of(), "--vault", "127.0.0.1:8200").listen()).isEmpty();
    assertThat(options(Map.of(), "--socket", path, "--listen", "127.0.0.1:0").listen()).hasSize(1);
    for (AgentOptions usual :
        List.of(options(Map.of()), options(unit), options(Map.of(), "--socket", "none"))) {
      assertThat(usual.listen()).hasSize(1);
      assertThat(usual.listen().get(0).getPort()).isEqualTo(2773);
    }
    assertThat(options(unit).socket()).contains(Path.of("/run/secrets-agent/agent.sock"));
    Map<String, String> two = Map.of("RUNTIME_DIRECTORY", "/run/secrets-agent:/run/secrets-files");
    assertThat(options(two).socket()).contains(Path.of("/run/secrets-agent/agent.sock"));
  }

  @Test
  void anAddressInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      for (String option : List.of("--listen", "--vault")) {
        AgentOptions options =
            options(Map.of(), "--socket", folder + "/agent.sock", option, address);
        SecretProvider provider =
            SecretProvider.builder().store(FakeStore.create()).environment(Map.of()).build();
        CurrentRules rules = CurrentRules.of(Optional.empty(), NamePrefix.NONE);
        try (SecretsAgent agent = new SecretsAgent(options, provider, rules, ReadLog.NONE)) {
          assertThatThrownBy(agent::start)
              .isInstanceOf(SecretException.class)
              .hasMessageContaining("it cannot listen on " + address + ": Address already in use")
              .hasMessageContaining("ss -lntxp");
        }
        assertThat(folder.resolve("agent.sock")).doesNotExist();
      }
    }
  }
}
