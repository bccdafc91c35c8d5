package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy in front of a server that answers each byte with the same byte, without HTTP. */
final class FaultProxyOfBytesTest {
  private static final byte[] SENT = "PING 12345678\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DEADLINE_MILLIS = 300;

  /** For an answer that comes: a busy machine may need seconds for a handshake. */
  private static final int PATIENCE_MILLIS = 30_000;

  private final ServerSocket server = newServer();
  private final URI upstream = URI.create("tcp://127.0.0.1:" + server.getLocalPort());
  private final FaultProxy proxy = FaultProxy.to(upstream).start();

  private static ServerSocket newServer() {
    try {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> echo(socket), "echo");
      thread.setDaemon(true);
      thread.start();
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void echo(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        InputStream in = client.getInputStream();
        byte[] piece = new byte[64];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
          client.getOutputStream().write(piece, 0, n);
        }
      } catch (IOException e) {
        // The test has ended that connection; the next one may come.
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private byte[] ask() throws IOException {
    return ask(PATIENCE_MILLIS);
  }

  private byte[] ask(int patience) throws IOException {
    return ask(new Socket(proxy.uri().getHost(), proxy.uri().getPort()), patience);
  }

  private static byte[] ask(Socket connected, int patience) throws IOException {
    try (Socket client = connected) {
      client.setSoTimeout(patience);
      client.getOutputStream().write(SENT);
      client.shutdownOutput();
      return client.getInputStream().readAllBytes();
    }
  }

  @Test
  void forwardsBytesAndCountsConnections() throws IOException {
    assertThat(ask()).isEqualTo(SENT);
    assertThat(ask()).isEqualTo(SENT);
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"HALF_OPEN", "LATENCY", "SLOW_BODY"})
  void silenceIsEndedByTheDeadlineOfTheClient(Fault silent) throws IOException {
    proxy.inject(silent);
    assertThatThrownBy(() -> ask(DEADLINE_MILLIS)).isInstanceOf(SocketTimeoutException.class);
    proxy.clear();
    assertThat(ask()).isEqualTo(SENT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_EARLY", "RESET"})
  void aResetIsNoOrderlyEnd(Fault reset) throws IOException {
    proxy.inject(reset);
    assertThatThrownBy(this::ask)
        .isInstanceOf(SocketException.class)
        .isNotInstanceOf(ConnectException.class);
    proxy.clear();
    assertThat(ask()).isEqualTo(SENT);
  }

  @Test
  void refusesConnectionsUntilTheFaultEnds() throws IOException {
    proxy.inject(Fault.REFUSED);
    assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
    proxy.clear();
    assertThat(ask()).isEqualTo(SENT);
  }

  @Test
  void garbageHasTheLengthOfTheAnswerAndOtherBytes() throws IOException {
    proxy.inject(Fault.GARBAGE_BODY);
    assertThat(ask()).hasSameSizeAs(SENT).isNotEqualTo(SENT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"HTML_BODY", "WRONG_HOST", "DENIED"})
  void faultsThatItCannotCauseAreRejected(Fault other) {
    assertThatThrownBy(() -> proxy.inject(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one of [REFUSED, ");
  }

  @Test
  void badCertificatesNeedNoHttp() throws IOException {
    TestAuthority authority = TestAuthority.create();
    try (FaultProxy secured = FaultProxy.to(upstream).presenting(authority).start()) {
      assertThat(handshakeAndAsk(authority, secured)).isEqualTo(SENT);
      secured.inject(Fault.UNKNOWN_CA);
      assertThatThrownBy(() -> handshakeAndAsk(authority, secured))
          .isInstanceOf(SSLHandshakeException.class);
      secured.clear();
      assertThat(handshakeAndAsk(authority, secured)).isEqualTo(SENT);
    }
  }

  private static byte[] handshakeAndAsk(TestAuthority authority, FaultProxy proxy)
      throws IOException {
    return ask(
        authority
            .client()
            .getSocketFactory()
            .createSocket(proxy.uri().getHost(), proxy.uri().getPort()),
        PATIENCE_MILLIS);
  }

  @Test
  void thereAreNoRequestsToAnswerOrCount() {
    assertThatThrownBy(() -> proxy.intercept(request -> null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("forwards bytes, not requests");
    ProxyFaults faults = ProxyFaults.of(proxy).build();
    assertThat(faults.requests()).isEmpty();
    assertThat(faults.logins()).isEmpty();
  }

  @Test
  void faultsForTheContractNeedNoRequests() throws IOException {
    ProxyFaults faults = ProxyFaults.of(proxy).build();
    assertThat(faults.supported())
        .containsExactlyInAnyOrder(
            Fault.REFUSED,
            Fault.NO_SUCH_HOST,
            Fault.RESET_EARLY,
            Fault.RESET,
            Fault.HALF_OPEN,
            Fault.LATENCY,
            Fault.SLOW_BODY,
            Fault.GARBAGE_BODY);
    faults.inject(Fault.REFUSED, "ANY");
    assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
    faults.clear();
    assertThat(ask()).isEqualTo(SENT);
    assertThat(faults.uri()).isEqualTo(proxy.uri());
    faults.inject(Fault.NO_SUCH_HOST, "ANY");
    assertThat(faults.uri()).hasHost("no-such-host.invalid").hasPort(proxy.uri().getPort());
  }
}
