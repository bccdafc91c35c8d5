package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The HttpClient that the driver is given for one request: sends it through the shared client and
 * keeps what came of it.
 *
 * <p>The driver drops the headers, puts whole bodies into the texts of its exceptions, swallows
 * interrupts, turns bodies into bytes with the platform's charset, and loses the percent-encoding
 * of a path that is not ASCII. So the outcome is read here, the driver is handed a body of ASCII,
 * and the path is encoded anew. Used once, by one thread.
 */
final class VaultExchange extends HttpClient {
  private final VaultHttp http;
  private final VaultDeadline deadline;
  private final Map<String, String> headers;
  private @Nullable VaultReply reply;
  private @Nullable StoreFailure problem;

  VaultExchange(VaultHttp http, VaultDeadline deadline, Map<String, String> headers) {
    this.http = http;
    this.deadline = deadline;
    this.headers = headers;
  }

  /** What came of the request. */
  VaultReply outcome() {
    if (problem != null) {
      throw problem;
    }
    if (reply == null) {
      throw StoreFailure.of(
          de.lifetimecircle.secrets.SecretException.Kind.INTERNAL,
          "the driver sent no request",
          "Please report it");
    }
    return reply;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
    try {
      HttpRequest.Builder exact =
          HttpRequest.newBuilder(request, (name, value) -> true).uri(exact(request.uri()));
      headers.forEach(exact::setHeader);
      HttpResponse<byte[]> answer = http.send(exact, deadline);
      reply = VaultReply.of(answer.statusCode(), answer.headers(), answer.body());
      return new Ascii<>(answer, body(answer, handler));
    } catch (StoreFailure e) {
      problem = e;
      // The driver wraps it, and nobody looks at the wrapping.
      throw new IOException("the request failed");
    }
  }

  /** The driver rebuilds the address from its decoded parts; every byte is encoded here again. */
  static URI exact(URI uri) {
    String query = uri.getRawQuery();
    return URI.create(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + VaultNames.encoded(uri.getPath())
            + (query == null ? "" : "?" + query));
  }

  private static <T> T body(HttpResponse<byte[]> answer, BodyHandler<T> handler) {
    BodySubscriber<T> subscriber = handler.apply(new Json(answer.statusCode()));
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            // All there is follows at once.
          }

          @Override
          public void cancel() {
            // All there is was handed over.
          }
        });
    subscriber.onNext(List.of(ByteBuffer.wrap(ascii(answer.body()))));
    subscriber.onComplete();
    return subscriber.getBody().toCompletableFuture().join();
  }

  /** The same document in ASCII: in JSON only a string can have another character. */
  static byte[] ascii(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out.append(c);
      } else {
        out.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
      }
    }
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What the driver's handler needs to know of the answer. */
  private record Json(int statusCode) implements HttpResponse.ResponseInfo {
    @Override
    public HttpHeaders headers() {
      return HttpHeaders.of(
          Map.of("Content-Type", List.of("application/json")), (name, value) -> true);
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  /** The answer as the driver gets it. */
  private record Ascii<T>(HttpResponse<byte[]> answer, T body) implements HttpResponse<T> {
    @Override
    public int statusCode() {
      return answer.statusCode();
    }

    @Override
    public HttpRequest request() {
      return answer.request();
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return answer.headers();
    }

    @Override
    public Optional<javax.net.ssl.SSLSession> sslSession() {
      return answer.sslSession();
    }

    @Override
    public URI uri() {
      return answer.uri();
    }

    @Override
    public Version version() {
      return answer.version();
    }

    @Override
    public String toString() {
      return "Ascii[" + statusCode() + "]";
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("sendAsync"));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> push) {
    return sendAsync(request, handler);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    throw new UnsupportedOperationException("sslContext");
  }

  @Override
  public SSLParameters sslParameters() {
    throw new UnsupportedOperationException("sslParameters");
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.empty();
  }
}
