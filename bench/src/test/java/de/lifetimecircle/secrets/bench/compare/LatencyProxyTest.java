package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Times are checked from below only: a busy machine makes them longer, nothing shorter. */
final class LatencyProxyTest {
  private static final double TRIP = 40;
  private static final double MILLIS = 1e6;

  private ServerSocket listener;
  private LatencyProxy proxy;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread echo = new Thread(this::echo, "echo");
    echo.setDaemon(true);
    echo.start();
    proxy = LatencyProxy.start("localhost", listener.getLocalPort(), TRIP);
  }

  private void echo() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        client.getInputStream().transferTo(client.getOutputStream());
      } catch (IOException e) {
        assertThat(e).isNotNull(); // the client hung up, or the test is over
      }
    }
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    listener.close();
  }

  @Test
  void firstExchangeTakesTwoRoundTripsAndEachLaterOne() throws IOException {
    // The proxy counts from the connection, which it may see before this thread goes on.
    long begun = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(exchange(socket, begun)).isGreaterThanOrEqualTo(2 * TRIP - 1);
      double second = exchange(socket, System.nanoTime());
      assertThat(second).isGreaterThanOrEqualTo(TRIP - 1);
    }
  }

  /** The milliseconds since then, once a byte has come back. */
  private static double exchange(Socket socket, long begun) throws IOException {
    socket.getOutputStream().write(7);
    assertThat(socket.getInputStream().read()).isEqualTo(7);
    return (System.nanoTime() - begun) / MILLIS;
  }

  @Test
  void muchComesInOrderAndNotOneAfterAnother() throws IOException {
    byte[] sent = new byte[3_000_000];
    new SplittableRandom(1).nextBytes(sent);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  OutputStream out = socket.getOutputStream();
                  out.write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      writer.start();
      InputStream in = socket.getInputStream();
      assertThat(in.readAllBytes()).isEqualTo(sent);
    }
  }

  @Test
  void endsTheConnectionsThatItHas() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(exchange(socket, System.nanoTime())).isPositive();
      proxy.close();
      assertThatThrownBy(
              () -> {
                if (socket.getInputStream().read() < 0) {
                  throw new IOException("ended");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }
}
