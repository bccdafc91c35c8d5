package de.lifetimecircle.secrets.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A proxy's connection to the server, kept from one request to the next. For one thread. */
final class UpstreamConnection implements AutoCloseable {
  // A server that takes longer has failed, and a test would else wait for ever.
  private static final int PATIENCE_MILLIS = 60_000;

  private final FaultProxy proxy;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  UpstreamConnection(FaultProxy proxy) {
    this.proxy = proxy;
  }

  FaultProxy.Answer ask(FaultProxy.Request request) throws IOException {
    if (socket != null) {
      try {
        return exchange(request);
      } catch (IOException e) {
        close(); // The server had closed a connection that was idle.
      }
    }
    socket = proxy.connect();
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    return exchange(request);
  }

  private FaultProxy.Answer exchange(FaultProxy.Request request) throws IOException {
    Socket current = java.util.Objects.requireNonNull(socket);
    HttpWire.write(
        current.getOutputStream(),
        request.method() + " " + request.target() + " HTTP/1.1",
        request.headers(),
        request.body());
    HttpWire.Message answer =
        HttpWire.readAnswer(java.util.Objects.requireNonNull(in), request.method());
    if (answer.closes() || !answer.headers().containsKey("content-length")) {
      close();
    }
    return new FaultProxy.Answer(status(answer.start()), answer.headers(), answer.body());
  }

  private static int status(String start) throws IOException {
    String[] words = start.split(" ", 3);
    if (words.length < 2 || !words[1].matches("[0-9]{3}")) {
      throw new IOException("the server does not answer with HTTP");
    }
    return Integer.parseInt(words[1]);
  }

  @Override
  public void close() {
    Socket current = socket;
    socket = null;
    if (current != null) {
      FaultProxy.quietly(current);
    }
  }
}
