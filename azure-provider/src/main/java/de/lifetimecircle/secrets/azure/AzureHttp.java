package de.lifetimecircle.secrets.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import com.azure.core.util.Context;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.RequestsUnderWay;
import de.lifetimecircle.secrets.remote.RequestsUnderWay.NoTurnException;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import reactor.core.publisher.Mono;

/**
 * The one way to the network of a store, for the vault and for the login: as many connections as
 * the settings allow, a whole answer within the time, and an end as soon as the waiting thread is
 * interrupted or the store is closed.
 *
 * <p>Two threads of its own serve all calls and end when there are none.
 */
final class AzureHttp implements HttpClient, AutoCloseable {
  private static final String WHOLE_ANSWER = "azure-eagerly-read-response";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ThreadPoolExecutor workers;
  private final HttpClient client;
  private final RequestsUnderWay requests;
  private final Duration timeout;
  private final ProxySettings proxy;

  /** Makes the client; reads the file of authorities, if one is set, and nothing else. */
  AzureHttp(AzureConfig config) {
    java.net.http.HttpClient.Builder builder =
        java.net.http.HttpClient.newBuilder()
            .followRedirects(java.net.http.HttpClient.Redirect.NEVER);
    config.caFile().ifPresent(file -> builder.sslContext(trusting(file)));
    builder.proxy(config.proxy());
    this.proxy = config.proxy();
    this.workers = workers();
    this.timeout = config.timeout();
    this.requests = new RequestsUnderWay(config.maxConnections());
    this.client =
        new JdkHttpClientBuilder(builder)
            .executor(workers)
            .configuration(Configuration.NONE)
            .connectionTimeout(timeout)
            .responseTimeout(timeout)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();
  }

  private static SSLContext trusting(Path file) {
    try {
      return PemTls.trusting(file).context();
    } catch (StoreFailure e) {
      throw e.because("azure.ca-file: " + e.reason())
          .advising("Name a PEM file with the certificates of the authorities");
    }
  }

  private static ThreadPoolExecutor workers() {
    String name = "secrets-azure-" + NUMBER.incrementAndGet();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            2,
            2,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
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
    // The JDK's client sets it itself, and the SDK's adapter warns of each one that it drops.
    request.getHeaders().remove(HttpHeaderName.CONTENT_LENGTH);
    // The JDK's client sends it to the proxy only, and nowhere without a proxy.
    URI uri = URI.create(request.getUrl().toString());
    proxy
        .authorization(uri)
        .ifPresent(text -> request.setHeader(HttpHeaderName.PROXY_AUTHORIZATION, text));
    HttpResponse whole = whole(request, context);
    if (whole.getStatusCode() == HttpURLConnection.HTTP_PROXY_AUTH) {
      throw proxy.refusal(uri, whole.getStatusCode());
    }
    return whole;
  }

  private HttpResponse whole(HttpRequest request, Context context) {
    try {
      return requests.await(
          timeout, () -> client.send(request, context.addData(WHOLE_ANSWER, true)).toFuture());
    } catch (NoTurnException e) {
      throw AzureErrors.timeout("all connections were in use for the whole time");
    } catch (TimeoutException e) {
      throw AzureErrors.timeout("no whole answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw AzureErrors.network(e);
    }
  }

  /**
   * Ends the running calls and the threads. The JDK's client has no way to be closed before Java
   * 21: its selector thread and idle connections go when it is collected.
   */
  @Override
  public void close() {
    requests.close();
    workers.shutdown();
  }
}
