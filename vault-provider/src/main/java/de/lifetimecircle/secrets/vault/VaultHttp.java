package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.RequestsUnderWay;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.lang.reflect.InvocationTargetException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP client of a store: its threads, its connections, its deadline, its end.
 *
 * <p>Safe for use by several threads. States: not made yet (files of certificates are read on the
 * first request, so that opening a store does no I/O), made, closed. A request waits for one of
 * {@code max-connections} turns and keeps it until its answer is complete, so the JDK's pool, which
 * knows no bound, never opens more. The lock guards the making and the end; no request holds it.
 */
final class VaultHttp implements AutoCloseable {
  private static final int THREADS = 4;

  /** How long {@link #close} waits for the client: it only has to close sockets. */
  private static final Duration END = Duration.ofSeconds(1);

  private final VaultConfig config;
  private final RequestsUnderWay requests;
  private final ThreadPoolExecutor threads;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable HttpClient client;
  private volatile boolean closed;

  VaultHttp(VaultConfig config) {
    this.config = config;
    this.requests = new RequestsUnderWay(config.maxConnections());
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(work, "secrets-vault-http"));
    threads.allowCoreThreadTimeOut(true);
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Sends a request and waits for the whole answer, at most until the deadline. */
  HttpResponse<byte[]> send(HttpRequest.Builder request, VaultDeadline deadline) {
    HttpClient http = client();
    try {
      HttpResponse<byte[]> answer =
          requests.await(
              Duration.ofNanos(deadline.left()),
              () -> {
                Duration left = Duration.ofNanos(Math.max(1_000_000, deadline.left()));
                return http.sendAsync(
                    withCredentials(request.timeout(left)), info -> new VaultBoundedBody());
              });
      if (answer.statusCode() == HttpURLConnection.HTTP_PROXY_AUTH) {
        throw config.proxy().refusal(answer.request().uri(), answer.statusCode());
      }
      return answer;
    } catch (TimeoutException e) {
      throw deadline.late();
    } catch (ExecutionException e) {
      throw VaultNetworkProblems.of(e.getCause(), deadline);
    } catch (RejectedExecutionException e) {
      throw StoreFailure.closed();
    }
  }

  private HttpClient client() {
    HttpClient made = client;
    if (closed) {
      throw StoreFailure.closed();
    }
    if (made != null) {
      return made;
    }
    making.lock();
    try {
      made = client;
      if (closed) {
        throw StoreFailure.closed();
      }
      if (made == null) {
        made = make();
        client = made;
      }
      return made;
    } finally {
      making.unlock();
    }
  }

  private HttpClient make() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.timeout())
            // A standby that cannot forward sends its clients to the active node. Never to http.
            .followRedirects(HttpClient.Redirect.NORMAL)
            .executor(threads);
    if (config.tls().isCustom()) {
      builder.sslContext(context());
    }
    return builder.proxy(config.proxy()).build();
  }

  private SSLContext context() {
    try {
      return config.tls().context();
    } catch (StoreFailure e) {
      throw e.advising("Check vault.ca-file, vault.client-cert-file and vault.client-key-file");
    }
  }

  /** The JDK's client sends the credentials to the proxy only, and nowhere without a proxy. */
  private HttpRequest withCredentials(HttpRequest.Builder request) {
    config
        .proxy()
        .authorization(request.build().uri())
        .ifPresent(text -> request.setHeader("Proxy-Authorization", text));
    return request.build();
  }

  /** Ends every request under way with {@code CLOSED}, and frees threads and connections. */
  @Override
  public void close() {
    closed = true;
    requests.close();
    making.lock();
    try {
      HttpClient made = client;
      client = null;
      if (made != null) {
        shutDown(made);
      }
    } finally {
      making.unlock();
    }
    // Not shut down: the JDK's client still closes its connections on these threads. Idle ones end.
    threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the client and waits until it has closed its connections, at most {@link #END}.
   *
   * <p>Only from Java 21 on: before, its selector thread ends and its connections close once nobody
   * holds it any more and the collector has run.
   */
  private static void shutDown(HttpClient made) {
    try {
      HttpClient.class.getMethod("shutdownNow").invoke(made);
      HttpClient.class.getMethod("awaitTermination", Duration.class).invoke(made, END);
    } catch (InvocationTargetException e) {
      // The client ends without this wait too.
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    } catch (ReflectiveOperationException e) {
      // Java 17 to 20: letting go is all there is.
    }
  }

  /** Whether it keeps a client of the JDK alive, with its selector thread and its connections. */
  boolean holdsClient() {
    return client != null;
  }
}
