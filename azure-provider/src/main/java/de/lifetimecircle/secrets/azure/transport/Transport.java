package de.lifetimecircle.secrets.azure.transport;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.remote.HttpTransport.NoTurnException;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import reactor.core.publisher.Mono;

/**
 * Carries the SDK's requests over the store's transport, counts them, and looks at each answer
 * before the SDK does. The vault and the login have one each, over the same transport. Safe for use
 * by several threads.
 *
 * @param timeout how long a request may take
 * @param guard looks at each answer, as a method of {@link AnswerGuard}
 * @param requests counts the requests that are sent
 */
public record Transport(
    HttpTransport transport, Duration timeout, Consumer<HttpResponse> guard, LongAdder requests)
    implements HttpClient {
  /** Far more than a page of a list, or a value of the largest size with every byte escaped. */
  private static final int MAX_BODY = 8 * 1024 * 1024;

  // The JDK's client sets these itself and refuses a second one.
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "expect", "host", "upgrade");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Makes the one way to the network of a store. */
  public static HttpTransport transport(Settings config) {
    return new HttpTransport(
        new HttpTransport.Settings(
            "secrets-azure-" + NUMBER.incrementAndGet(),
            config.maxConnections(),
            config.timeout(),
            MAX_BODY,
            Redirect.NEVER,
            config.proxy()),
        () -> config.caFile().map(Transport::trusting));
  }

  private static SSLContext trusting(Path file) {
    try {
      return PemTls.trusting(file).context();
    } catch (StoreFailure e) {
      throw e.because("azure.ca-file: " + e.reason())
          .advising("Name a PEM file with the certificates of the authorities");
    }
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return Mono.fromCallable(() -> sendSync(request, Context.NONE));
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws StoreFailure for a failure on the way
   */
  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    requests.increment();
    HttpResponse answer = whole(request);
    guard.accept(answer);
    return answer;
  }

  private HttpResponse whole(HttpRequest request) {
    try {
      return new WholeResponse(request, transport.send(exact(request), timeout));
    } catch (NoTurnException e) {
      throw Failures.timeout("all connections were in use for the whole time");
    } catch (TimeoutException e) {
      throw Failures.timeout("no whole answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw Failures.network(e);
    }
  }

  private static java.net.http.HttpRequest.Builder exact(HttpRequest request) {
    java.net.http.HttpRequest.Builder exact =
        java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl().toString()));
    for (HttpHeader header : request.getHeaders()) {
      if (!OWN.contains(header.getName().toLowerCase(Locale.ROOT))) {
        header.getValuesList().forEach(value -> exact.header(header.getName(), value));
      }
    }
    BinaryData body = request.getBodyAsBinaryData();
    return exact.method(
        request.getHttpMethod().toString(),
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toBytes()));
  }
}
