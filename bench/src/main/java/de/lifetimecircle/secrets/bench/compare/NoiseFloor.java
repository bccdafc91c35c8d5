package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Measures what the machine itself adds to every figure: the pauses of a program that only reads
 * the clock, and the time of a round trip on loopback, without a distance and with each one.
 * Stateless.
 */
final class NoiseFloor {
  private static final long SPIN_NANOS = 500_000_000;
  private static final int TRIPS = 3000;
  private static final int WARM_UP = 1000;
  private static final double DISTANT_MILLIS = 600;
  private static final double MICROS = 1e3;

  private NoiseFloor() {}

  /** Measures it; takes about two seconds, and half a second more for each distance. */
  static Map<ResultText, BigDecimal> measure(List<Double> trips) throws IOException {
    Map<ResultText, BigDecimal> noise = new LinkedHashMap<>();
    Histogram gaps = gaps();
    noise.put(ResultText.of("noise.gap", "p99.9"), micros(gaps.getValueAtPercentile(99.9)));
    noise.put(
        ResultText.of("noise.gap", ResultText.of("noise.longest")), micros(gaps.getMaxValue()));
    try (Echo echo = new Echo()) {
      Histogram near = echo.trips(echo.port(), WARM_UP, TRIPS);
      noise.put(ResultText.of("noise.loopback", "p50"), micros(near.getValueAtPercentile(50)));
      noise.put(ResultText.of("noise.loopback", "p99.9"), micros(near.getValueAtPercentile(99.9)));
      for (double trip : trips) {
        if (trip > 0) {
          int count = (int) Math.max(4, DISTANT_MILLIS / trip);
          try (LatencyProxy proxy = LatencyProxy.start("localhost", echo.port(), trip)) {
            Histogram far = echo.trips(proxy.port(), count / 4, count);
            noise.put(
                ResultText.of("noise.trip", new BigDecimal(Measurement.tripText(trip)), "p50"),
                micros(far.getValueAtPercentile(50)));
          }
        }
      }
    }
    return noise;
  }

  private static BigDecimal micros(long nanos) {
    return ResultText.rounded(nanos / MICROS, 1);
  }

  private static Histogram gaps() {
    Histogram gaps = new Histogram(3);
    long begun = System.nanoTime();
    long last = begun;
    while (last - begun < SPIN_NANOS) {
      long now = System.nanoTime();
      gaps.recordValue(now - last);
      last = now;
    }
    return gaps;
  }

  /** Sends back each byte that comes. */
  private static final class Echo implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

    Echo() throws IOException {
      Thread thread = new Thread(this::serve, "echo");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return listener.getLocalPort();
    }

    private void serve() {
      while (!listener.isClosed()) {
        try (Socket client = listener.accept()) {
          client.setTcpNoDelay(true);
          InputStream in = client.getInputStream();
          for (int sent = in.read(); sent >= 0; sent = in.read()) {
            client.getOutputStream().write(sent);
          }
        } catch (IOException e) {
          // The client hung up, or it is over: the loop sees it.
        }
      }
    }

    Histogram trips(int port, int warmUp, int count) throws IOException {
      Histogram trips = new Histogram(3);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        for (int i = 0; i < warmUp + count; i++) {
          long begun = System.nanoTime();
          out.write(1);
          if (in.read() < 0) {
            throw new IOException("the echo ended");
          }
          if (i >= warmUp) {
            trips.recordValue(System.nanoTime() - begun);
          }
        }
      }
      return trips;
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
