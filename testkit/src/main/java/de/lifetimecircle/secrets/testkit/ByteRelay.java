package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a {@link FaultProxy} that knows no protocol: bytes in both directions
 * until one side ends. The thread that runs it forwards what the client sends; a second one, which
 * reads the fault before each piece, forwards what the server sends.
 */
final class ByteRelay {
  private static final int PIECE = 8192;
  private static final int SLOW_MILLIS = 500;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket tcp;
  private final Socket server;

  /**
   * A connection that was accepted just now.
   *
   * @param client the connection that carries the client's data
   * @param tcp the connection below it, the same one where there is no TLS
   * @param server the connection to the server
   */
  ByteRelay(FaultProxy proxy, Socket client, Socket tcp, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.tcp = tcp;
    this.server = server;
  }

  void run(Executor threads) throws IOException {
    FutureTask<@Nullable Void> back = new FutureTask<>(this::answer);
    try {
      threads.execute(back);
      ask();
      Object unused = back.get();
    } catch (RejectedExecutionException | ExecutionException e) {
      throw new IOException("the connection is over", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the proxy was closed", e);
    }
  }

  /** Forwards what the client sends. */
  private void ask() throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = server.getOutputStream();
    byte[] piece = new byte[PIECE];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      Fault now = proxy.fault();
      if (now == Fault.RESET_EARLY) {
        FaultProxy.reset(tcp);
        server.close();
        return;
      }
      if (now != Fault.HALF_OPEN) {
        out.write(piece, 0, n);
        out.flush();
      }
    }
    if (proxy.fault() != Fault.HALF_OPEN) { // the server does not learn of an end there
      server.shutdownOutput();
    }
  }

  /** Forwards what the server sends, or what a fault makes of it. */
  private @Nullable Void answer() throws IOException {
    InputStream in = server.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] piece = new byte[PIECE];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      if (proxy.fault() == Fault.RESET) {
        out.write(piece, 0, n / 2);
        out.flush();
        FaultProxy.reset(tcp);
        return null;
      }
      write(Arrays.copyOf(piece, n), out);
    }
    if (proxy.fault() != Fault.HALF_OPEN) {
      client.shutdownOutput();
    }
    return null;
  }

  private void write(byte[] piece, OutputStream out) throws IOException {
    Fault now = proxy.fault();
    if (now == Fault.HALF_OPEN) {
      return;
    }
    if (now == Fault.SLOW_BODY) {
      for (byte each : piece) {
        out.write(each);
        out.flush();
        FaultProxy.pause(SLOW_MILLIS);
      }
      return;
    }
    if (now == Fault.LATENCY) {
      FaultProxy.pause(FaultProxy.LATENCY_MILLIS);
    }
    if (now == Fault.GARBAGE_BODY) {
      for (int i = 0; i < piece.length; i++) {
        piece[i] = (byte) ~piece[i];
      }
    }
    out.write(piece);
    out.flush();
  }
}
