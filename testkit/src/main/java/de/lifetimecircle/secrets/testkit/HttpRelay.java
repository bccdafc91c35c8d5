package de.lifetimecircle.secrets.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One client's connection to a {@link FaultProxy} for HTTP: request by request until it ends. */
final class HttpRelay {
  private static final byte[] HTML =
      "<!DOCTYPE html><html><body><h1>Welcome</h1>Please sign in to use this network.</body></html>"
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] GARBAGE = {'{', '"', (byte) 0xff, 0, 0x17, ':', (byte) 0xc3, '}'};
  private static final int DRIP_MILLIS = 100;

  private final FaultProxy proxy;
  private final Socket socket;
  private final Socket tcp;
  private final UpstreamConnection server;
  private final InputStream in;
  private final OutputStream out;

  /**
   * A connection that was accepted just now.
   *
   * @param socket the connection that carries the client's data
   * @param tcp the connection below it, the same one where there is no TLS
   */
  HttpRelay(FaultProxy proxy, Socket socket, Socket tcp, UpstreamConnection server)
      throws IOException {
    this.proxy = proxy;
    this.socket = socket;
    this.tcp = tcp;
    this.server = server;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void run() throws IOException {
    while (!tcp.isClosed()) {
      HttpWire.Message message = HttpWire.readRequest(in, out);
      if (message == null) {
        return;
      }
      String[] words = message.start().split(" ", 3);
      FaultProxy.Request request =
          new FaultProxy.Request(words[0], words[1], message.headers(), message.body());
      FaultProxy.Answer own = proxy.intercepted(request);
      Fault fault = proxy.fault();
      if (own != null || fault == null) {
        answer(own != null ? own : server.ask(request));
      } else {
        fail(fault, request);
      }
      if (message.closes()) {
        return;
      }
    }
  }

  private void answer(FaultProxy.Answer answer) throws IOException {
    HttpWire.write(out, startLine(answer.status()), answer.headers(), answer.body());
  }

  private static String startLine(int status) {
    return "HTTP/1.1 " + status + " Answer";
  }

  private void fail(Fault fault, FaultProxy.Request request) throws IOException {
    switch (fault) {
      case RESET_EARLY -> FaultProxy.reset(tcp);
      case RESET -> {
        FaultProxy.Answer answer = server.ask(request);
        half(answer);
        FaultProxy.reset(tcp);
      }
      case HALF_OPEN -> FaultProxy.pause(Integer.MAX_VALUE);
      case LATENCY -> {
        FaultProxy.pause(FaultProxy.LATENCY_MILLIS);
        answer(server.ask(request));
      }
      case SLOW_BODY -> drip(server.ask(request));
      case GARBAGE_BODY -> answer(document("application/json", GARBAGE));
      case HTML_BODY -> answer(document("text/html", HTML));
      case BUSY -> answer(refusal(429, null));
      case BUSY_WITH_TIME -> answer(refusal(429, "1"));
      case OVERLOADED -> answer(refusal(503, null));
      case OVERLOADED_WITH_TIME -> answer(refusal(503, "1"));
      default -> answer(server.ask(request));
    }
  }

  private static FaultProxy.Answer document(String type, byte[] body) {
    return new FaultProxy.Answer(200, Map.of("content-type", type), body);
  }

  private static FaultProxy.Answer refusal(int status, @Nullable String retryAfter) {
    Map<String, String> headers = new TreeMap<>(Map.of("content-type", "text/plain"));
    if (retryAfter != null) {
      headers.put("retry-after", retryAfter);
    }
    return new FaultProxy.Answer(status, headers, "busy".getBytes(StandardCharsets.UTF_8));
  }

  private void half(FaultProxy.Answer answer) throws IOException {
    out.write(HttpWire.head(startLine(answer.status()), answer.headers(), answer.body().length));
    out.write(Arrays.copyOf(answer.body(), answer.body().length / 2));
    out.flush();
  }

  private void drip(FaultProxy.Answer answer) throws IOException {
    byte[] body = answer.body();
    // More is promised than will ever come, however short the real body is.
    int promised = Math.max(body.length, 1) + 1000;
    out.write(HttpWire.head(startLine(answer.status()), answer.headers(), promised));
    out.flush();
    for (int i = 0; i < promised && !socket.isClosed(); i++) {
      FaultProxy.pause(DRIP_MILLIS);
      out.write(i < body.length ? body[i] : ' ');
      out.flush();
    }
  }
}
