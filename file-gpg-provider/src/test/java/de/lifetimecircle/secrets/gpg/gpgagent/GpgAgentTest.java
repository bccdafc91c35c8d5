package de.lifetimecircle.secrets.gpg.gpgagent;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.TestKeys;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real gpg-agent; where an agent must misbehave, against a socket of our own. */
class GpgAgentTest {

  private static final byte[] SECRET = "s3cret \0\r\n\u00fc".getBytes(UTF_8);
  private static final String PASSPHRASE = "p\u00e4ss %25\tphrase";

  private static GpgHome gpg;

  @BeforeAll
  static void generate() {
    gpg = new GpgHome();
    gpg.generateRsa("rsa@example.org", PASSPHRASE);
    gpg.generateCurve("curve@example.org", PASSPHRASE);
    gpg.generateCurve("open@example.org", "");
    gpg.generate(
        "nist@example.org",
        "",
        "Key-Type: ECDSA",
        "Key-Curve: nistp256",
        "Key-Usage: cert,sign",
        "Subkey-Type: ECDH",
        "Subkey-Curve: nistp256",
        "Subkey-Usage: encrypt");
  }

  @AfterAll
  static void close() {
    gpg.close();
  }

  /** An agent that was just started has no passphrase cached. */
  @BeforeEach
  void forgetPassphrases() {
    gpg.run(new byte[0], "gpgconf", "--kill", "gpg-agent");
  }

  private static PgpCertificate certificate(String userId) throws PgpFailure {
    return PgpCertificate.parse(gpg.exportPublic(gpg.fingerprint(userId)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa@example.org", "curve@example.org", "nist@example.org"})
  void decryptsAndSigns(String userId) throws PgpFailure {
    PgpCertificate certificate = certificate(userId);
    char[] passphrase = PASSPHRASE.toCharArray();
    try (PgpIdentity agent = GpgAgent.identity(gpg.agentSocket(), certificate, passphrase)) {
      assertThat(passphrase).as("the caller's array").isEqualTo(PASSPHRASE.toCharArray());
      assertThat(agent.canSign()).isTrue();
      for (int i = 0; i < 8; i++) {
        byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), Instant.now());
        assertThat(PgpCodec.decrypt(message, agent)).isEqualTo(SECRET);
        byte[] signed = PgpCodec.sign(SECRET, agent, Instant.now());
        assertThat(PgpCodec.verify(signed, List.of(certificate))).isEqualTo(SECRET);
        gpg.gpg(signed, "--verify").orFail();
      }
    }
  }

  @Test
  void readsWhatGpgWroteForAHiddenRecipient() throws PgpFailure {
    byte[] message =
        gpg.gpg(SECRET, "-R", "rsa@example.org", "-R", "curve@example.org", "-e").orFail().out();
    for (String userId : List.of("rsa@example.org", "curve@example.org")) {
      try (PgpIdentity agent =
          GpgAgent.identity(gpg.agentSocket(), certificate(userId), PASSPHRASE.toCharArray())) {
        assertThat(TestKeys.recipientKeyIds(message)).containsExactly(0L, 0L);
        assertThat(PgpCodec.decrypt(message, agent)).isEqualTo(SECRET);
      }
    }
  }

  /** A program of the account nobody, which would answer as an agent does. */
  @Test
  void anAgentOfAnotherAccountIsToldNothing(@TempDir Path folder) throws Exception {
    Path socket = folder.resolve("S.gpg-agent");
    Process stranger =
        new ProcessBuilder(
                "perl",
                "-MIO::Socket::UNIX",
                "-e",
                "my $s = IO::Socket::UNIX->new(Local => $ARGV[0]) or die; chmod 0777, $ARGV[0]; $)"
                    + " = '65534 65534'; $> = 65534; listen($s, 5) or die; $| = 1; print qq(up\\n"
                    + "); my $c = $s->accept; print $c qq(OK\\n"
                    + "); while (<$c>) { print; print $c qq(OK\\n"
                    + ") }",
                socket.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(stranger.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("up");
      PgpCertificate certificate = certificate("curve@example.org");
      char[] passphrase = PASSPHRASE.toCharArray();
      assertFails(Reason.FOREIGN_AGENT, () -> GpgAgent.identity(socket, certificate, passphrase));
      assertThat(said.readLine()).as("what it heard").isNull();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void anUnprotectedKeyNeedsNoPassphrase() throws PgpFailure {
    PgpCertificate certificate = certificate("open@example.org");
    try (PgpIdentity agent = GpgAgent.identity(gpg.agentSocket(), certificate, null)) {
      byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), Instant.now());
      assertThat(PgpCodec.decrypt(message, agent)).isEqualTo(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa@example.org", "curve@example.org"})
  void wrongOrNoPassphrase(String userId) throws PgpFailure {
    PgpCertificate certificate = certificate(userId);
    Path socket = gpg.agentSocket();
    PgpFailure wrong =
        assertFails(
            Reason.WRONG_PASSPHRASE,
            () -> GpgAgent.identity(socket, certificate, "hunter2".toCharArray()));
    assertThat(wrong).hasMessageNotContaining("hunter2");
    assertThat(
            assertFails(
                Reason.WRONG_PASSPHRASE, () -> GpgAgent.identity(socket, certificate, null)))
        .hasMessageContaining("it is locked")
        .hasMessageContaining("Set gpg.passphrase-file")
        .hasMessageContaining("gpg -d FILE");
  }

  @Test
  void outlivesARestartOfTheAgent() throws PgpFailure {
    PgpCertificate certificate = certificate("curve@example.org");
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), Instant.now());
    PgpIdentity agent = GpgAgent.identity(gpg.agentSocket(), certificate, PASSPHRASE.toCharArray());
    forgetPassphrases();
    assertFails(Reason.AGENT, () -> PgpCodec.decrypt(message, agent));
    assertFails(Reason.AGENT, () -> PgpCodec.sign(SECRET, agent, Instant.now()));
    gpg.agentSocket();
    assertThat(PgpCodec.decrypt(message, agent)).isEqualTo(SECRET);
    agent.close();
    assertThatThrownBy(() -> PgpCodec.decrypt(message, agent))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void servesManyThreads() throws Exception {
    PgpCertificate certificate = certificate("curve@example.org");
    byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), Instant.now());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (PgpIdentity agent =
        GpgAgent.identity(gpg.agentSocket(), certificate, PASSPHRASE.toCharArray())) {
      Callable<byte[]> call = () -> PgpCodec.decrypt(message, agent);
      for (Future<byte[]> result : threads.invokeAll(Collections.nCopies(60, call))) {
        assertThat(result.get()).isEqualTo(SECRET);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aKeyThatTheAgentDoesNotHold() throws PgpFailure {
    PgpCertificate stranger = TestKeys.identity("stranger@example.org").certificate();
    PgpFailure failure =
        assertFails(
            Reason.NO_SECRET_KEY, () -> GpgAgent.identity(gpg.agentSocket(), stranger, null));
    assertThat(failure).hasMessageContaining(stranger.fingerprint());
  }

  @Test
  void noAgentThere() throws Exception {
    PgpCertificate certificate = certificate("open@example.org");
    Path missing = gpg.path().resolve("S.nobody");
    assertThat(assertFails(Reason.AGENT, () -> GpgAgent.identity(missing, certificate, null)))
        .hasMessageContaining(
            "Cannot reach gpg-agent at " + missing + " (No such file or directory)")
        .hasMessageContaining("gpgconf --launch gpg-agent");
    Path dead = gpg.path().resolve("S.dead");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(dead))
        .close();
    assertThat(assertFails(Reason.AGENT, () -> GpgAgent.identity(dead, certificate, null)))
        .hasMessageContaining(" (Connection refused). ");
    Path file = Files.writeString(gpg.path().resolve("S.file"), "text");
    assertFails(Reason.AGENT, () -> GpgAgent.identity(file, certificate, null));
    Path tooLong = gpg.path().resolve("x".repeat(120));
    assertFails(Reason.AGENT, () -> GpgAgent.identity(tooLong, certificate, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ERR 1 no\n",
        "OK\nERR\n",
        "OK\nERR x y\n",
        "OK\nS KEYINFO 0123456789012345678901234567890123456789 D\nOK\nD (3:abc\nOK\n",
        "OK\nS KEYINFO 0123456789012345678901234567890123456789 D\nOK\nD (9999999:a)\nOK\n",
        "OK\nS KEYINFO 0123456789012345678901234567890123456789 D\nOK\nD x\nOK\n"
      })
  void anAgentThatTalksNonsense(String answers) throws Exception {
    assertNonsenseFails(answers.getBytes(UTF_8));
  }

  @Test
  void anAgentThatNeverEnds() throws Exception {
    assertNonsenseFails(("OK\n" + "x".repeat(5000)).getBytes(UTF_8));
    assertNonsenseFails(("OK\n" + ("D " + "x".repeat(900) + "\n").repeat(100)).getBytes(UTF_8));
    String nested = "(".repeat(400);
    assertNonsenseFails(
        ("OK\nS KEYINFO 0123456789012345678901234567890123456789 D\nOK\nD " + nested + "\nOK\n")
            .getBytes(UTF_8));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    PgpCertificate certificate = certificate("open@example.org");
    Path socket = gpg.path().resolve("S.silent");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.currentThread().interrupt();
      assertFails(Reason.AGENT, () -> GpgAgent.identity(socket, certificate, null));
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
  }

  @Test
  void anAgentThatForbidsTheLoopbackIsNamedBesideTheMeaningOfItsAnswer() throws Exception {
    PgpFailure failure =
        assertAgentFails(
            "OK\nERR 67109115 Forbidden <GPG Agent>\n".getBytes(UTF_8),
            socket -> new GpgAgent(socket, null).sign("0".repeat(40), 10, new byte[64]));
    assertThat(failure.problem()).isEqualTo("use gpg-agent: it answered with gpg-error code 251");
    assertThat(failure.advice())
        .contains(
            "Its configuration must allow-loopback-pinentry."
                + " To see what that means, run: gpg-error 251");
  }

  @Test
  void aPathWithAFullStopIsNoAdvice() {
    GpgAgent agent = new GpgAgent(Path.of("/no. such: folder/S.gpg-agent"), null);
    StoreFailure failure = GpgErrors.ofKey(assertFails(Reason.AGENT, agent::keys));
    assertThat(failure.reason())
        .isEqualTo(
            "cannot reach gpg-agent at /no. such: folder/S.gpg-agent (No such file or directory)");
    assertThat(failure.advice()).contains("Start it with: gpgconf --launch gpg-agent");
  }

  private static void assertNonsenseFails(byte[] answers) throws Exception {
    PgpCertificate certificate = certificate("open@example.org");
    assertAgentFails(answers, socket -> GpgAgent.identity(socket, certificate, null));
  }

  private static PgpFailure assertAgentFails(byte[] answers, Function<Path, ?> call)
      throws Exception {
    Path socket = gpg.path().resolve("S.nonsense");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread talker = new Thread(() -> talk(server, answers));
      talker.start();
      PgpFailure failure = assertFails(Reason.AGENT, () -> call.apply(socket));
      talker.join();
      return failure;
    }
  }

  private static void talk(ServerSocketChannel server, byte[] answers) {
    try (SocketChannel client = server.accept()) {
      ByteBuffer out = ByteBuffer.wrap(answers);
      while (out.hasRemaining()) {
        client.write(out);
      }
      client.shutdownOutput();
      ByteBuffer in = ByteBuffer.allocate(4096);
      while (client.read(in.clear()) >= 0) {
        // Read until the client has gone, so that it sees our answers and not a reset.
      }
    } catch (IOException e) {
      // The client may leave first; what it made of the answers is asserted there.
    }
  }
}
