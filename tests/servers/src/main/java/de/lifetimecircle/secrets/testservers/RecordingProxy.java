package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy on loopback that remembers every request it could read. A tunnel leads to one port
 * of loopback, whatever host was asked for; a request that is not a tunnel gets a 502. May ask for
 * Basic credentials. Safe for use by several threads.
 */
public final class RecordingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int port;
  private final String expected;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(task -> new Thread(task, "test-proxy"));
  private volatile String refusal = "";
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Starts a proxy that lets everybody through to that port. */
  public RecordingProxy(int port) throws IOException {
    this(port, "");
  }

  /**
   * Starts a proxy to that port.
   *
   * @param credentials {@code USER:PASSWORD} without which it answers 407; empty for none
   */
  public RecordingProxy(int port, String credentials) throws IOException {
    this.port = port;
    this.expected =
        credentials.isEmpty()
            ? ""
            : "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Returns its port on loopback. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns its address for a setting. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Answers every request from now on with that status, such as {@code 403 Forbidden}. */
  public void refuse(String status) {
    refusal = status;
  }

  /** Returns each request with its headers, as it came. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = head(client.getInputStream());
      requests.add(request);
      if (!refusal.isEmpty()) {
        answer(client.getOutputStream(), refusal);
        return;
      }
      if (!request.startsWith("CONNECT ")) {
        answer(client.getOutputStream(), "502 Bad Gateway");
        return;
      }
      if (!expected.isEmpty() && !request.contains("\r\nProxy-Authorization: " + expected)) {
        answer(
            client.getOutputStream(),
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"");
        return;
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        answer(client.getOutputStream(), "200 OK");
        threads.execute(() -> copy(server, client));
        copy(client, server);
      }
    } catch (IOException e) {
      // One of the two hung up.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void answer(OutputStream out, String status) throws IOException {
    out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the two hung up.
    }
  }

  /** Ends the proxy. */
  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
