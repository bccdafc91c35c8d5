package de.lifetimecircle.secrets.aws;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that notes which hosts its clients want to reach, and lets them reach none: the
 * address that a program dials, without a network.
 */
final class DialTap implements AutoCloseable {
  private final ServerSocket socket;
  private final List<String> dialled = new CopyOnWriteArrayList<>();

  private DialTap(ServerSocket socket) {
    this.socket = socket;
  }

  static DialTap start() {
    try {
      DialTap tap = new DialTap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread thread = new Thread(tap::serve, "dial-tap");
      thread.setDaemon(true);
      thread.start();
      return tap;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open a port", e);
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        String request = in.readLine();
        if (request != null) {
          dialled.add(request.split(" ", -1)[1]);
        }
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        // That client went away, or the tap was closed.
      }
    }
  }

  /** Hosts with ports, in the order in which they were dialled. */
  List<String> dialled() {
    return dialled;
  }

  String address() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a port", e);
    }
  }
}
