package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.lang.reflect.InvocationTargetException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The one way of a store to the network, over the JDK's HTTP client: as many connections as the
 * settings allow, a whole answer of a bounded size within its time, credentials for the proxy, and
 * an end as soon as the waiting thread is interrupted or the store is closed. It writes to no log.
 *
 * <pre>{@code
 * HttpTransport transport =
 *     new HttpTransport(
 *         new HttpTransport.Settings(
 *             "secrets-example-http", 16, config.timeout(), 8 * 1024 * 1024, Redirect.NEVER, proxy),
 *         Optional::empty);
 * try {
 *   HttpTransport.Answer answer =
 *       transport.send(HttpRequest.newBuilder(address), Duration.ofSeconds(5));
 * } catch (TimeoutException e) {
 *   throw StoreFailure.of(Kind.TIMEOUT, "no answer came in time", "Raise 'timeout'");
 * } catch (ExecutionException e) {
 *   NetworkFailure failure = NetworkFailure.of(e).orElse(NetworkFailure.BROKEN);
 *   throw StoreFailure.of(Kind.UNAVAILABLE, "the request failed: " + failure, null);
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. States: not made yet (the trust is read on the first request,
 * so that opening a store does no I/O), made, closed. A request waits for one of the turns, which
 * come in order, and keeps it until its answer is complete, so the JDK's pool, which knows no
 * bound, never opens more connections. It is in the set before it looks at the flag, so that the
 * close misses none. The lock guards creation; no request holds it, and the close does not wait for
 * it: a client that is made meanwhile is ended by its maker.
 */
public final class HttpTransport implements AutoCloseable {
  private static final int THREADS = 4;

  /** How long {@link #close} waits for the client: it only has to close sockets. */
  private static final Duration END = Duration.ofSeconds(1);

  private final Settings settings;
  private final Supplier<Optional<SSLContext>> trust;
  private final Semaphore turns;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads;
  private final ReentrantLock making = new ReentrantLock();
  private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * The limits of a transport. Immutable.
   *
   * @param threads the name of its threads
   * @param maxConnections how many requests may be under way at once, at least 1
   * @param connectTimeout how long making a connection may take
   * @param maxBody the most bytes of an answer
   * @param redirects which redirects are followed
   * @param proxy which requests go through a proxy
   */
  public record Settings(
      String threads,
      int maxConnections,
      Duration connectTimeout,
      int maxBody,
      Redirect redirects,
      ProxySettings proxy) {}

  /** Tells that so many requests were under way that this one was never sent. */
  public static final class NoTurnException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    NoTurnException() {
      super("all connections were in use");
    }
  }

  /** A whole answer. The body is the caller's to overwrite. */
  public static final class Answer {
    private final HttpResponse<byte[]> whole;

    private Answer(HttpResponse<byte[]> whole) {
      this.whole = whole;
    }

    /**
     * Returns the status.
     *
     * @return the code, such as 200
     */
    public int status() {
      return whole.statusCode();
    }

    /**
     * Returns the headers.
     *
     * @return all of them
     */
    public HttpHeaders headers() {
      return whole.headers();
    }

    /**
     * Returns the body itself, no copy.
     *
     * @return its bytes; empty if there is none
     */
    public byte[] body() {
      // The JDK hands on a proxy's answer to CONNECT without a body, although it has a subscriber.
      byte[] body = whole.body();
      return body == null ? new byte[0] : body;
    }

    /** Shows the status only. */
    @Override
    public String toString() {
      return "Answer[" + status() + "]";
    }
  }

  /**
   * Makes a transport; sends nothing and reads nothing.
   *
   * @param settings its limits
   * @param trust called once, before the first request; empty for the trust of the JVM
   * @throws IllegalArgumentException if no connection is allowed
   */
  public HttpTransport(Settings settings, Supplier<Optional<SSLContext>> trust) {
    if (settings.maxConnections() < 1) {
      throw new IllegalArgumentException(
          "maxConnections: " + settings.maxConnections() + " (expected: at least 1)");
    }
    this.settings = settings;
    this.trust = trust;
    this.turns = new Semaphore(settings.maxConnections(), true);
    this.threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::daemon);
    threads.allowCoreThreadTimeOut(true);
  }

  private Thread daemon(Runnable work) {
    Thread thread = new Thread(work, settings.threads());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Sends a request and waits for the whole answer. Blocks the calling thread.
   *
   * @param request the request; its time limit and the credentials of the proxy are set here
   * @param time how long turn and answer may take together
   * @return the answer, of whatever status
   * @throws NoTurnException if all connections were in use for the whole time
   * @throws TimeoutException if no whole answer came in time
   * @throws ExecutionException if the request failed, with the client's exception as its cause
   * @throws StoreFailure {@code INTERRUPTED} with the flag set again, {@code CLOSED}, or that the
   *     proxy refused the request
   */
  public Answer send(HttpRequest.Builder request, Duration time)
      throws TimeoutException, ExecutionException {
    HttpClient http = client();
    HttpResponse<byte[]> answer;
    try {
      answer =
          await(
              time,
              left ->
                  http.sendAsync(
                      withCredentials(request.timeout(left)),
                      info -> new BoundedBody(settings.maxBody())));
    } catch (RejectedExecutionException e) {
      throw StoreFailure.closed();
    }
    if (answer.statusCode() == HttpURLConnection.HTTP_PROXY_AUTH) {
      throw settings.proxy().refusal(answer.request().uri(), answer.statusCode());
    }
    return new Answer(answer);
  }

  /**
   * Sends a request when it is its turn, and waits for the answer.
   *
   * @param request sends it with the time that is left; called once, or not at all
   */
  <T> T await(Duration time, Function<Duration, CompletableFuture<T>> request)
      throws TimeoutException, ExecutionException {
    long end = System.nanoTime() + time.toNanos();
    try {
      if (!turns.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NoTurnException();
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
    try {
      long left = Math.max(1_000_000, end - System.nanoTime());
      return answer(request.apply(Duration.ofNanos(left)), end);
    } finally {
      turns.release();
    }
  }

  private <T> T answer(CompletableFuture<T> answer, long end)
      throws TimeoutException, ExecutionException {
    underWay.add(answer);
    try {
      if (closed) {
        throw StoreFailure.closed();
      }
      return answer.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    } catch (CancellationException e) {
      throw StoreFailure.closed();
    } catch (ExecutionException e) {
      if (closed) {
        throw StoreFailure.closed();
      }
      throw e;
    } finally {
      // Without effect on an answer that is there; else it closes the connection.
      answer.cancel(true);
      underWay.removeIf(Future::isDone); // this one, for sure
    }
  }

  /** The JDK's client sends the credentials to the proxy only, and nowhere without a proxy. */
  private HttpRequest withCredentials(HttpRequest.Builder request) {
    settings
        .proxy()
        .authorization(request.build().uri())
        .ifPresent(text -> request.setHeader("Proxy-Authorization", text));
    return request.build();
  }

  private HttpClient client() {
    HttpClient made = client.get();
    if (closed) {
      throw StoreFailure.closed();
    }
    return made != null ? made : makeOnce();
  }

  /** Reading the trust may take its time, so a thread that waits for it can be interrupted. */
  private HttpClient makeOnce() {
    try {
      making.lockInterruptibly();
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
    try {
      HttpClient made = client.get();
      if (made == null) {
        made = make();
        client.set(made);
      }
      if (closed) {
        close();
        throw StoreFailure.closed();
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
            .connectTimeout(settings.connectTimeout())
            .followRedirects(settings.redirects())
            .proxy(settings.proxy())
            .executor(threads);
    trust.get().ifPresent(builder::sslContext);
    return builder.build();
  }

  /**
   * Ends every request under way with {@code CLOSED}, and frees threads and connections. On Java 17
   * to 20 the JDK's client has no end: its selector thread ends and its connections close once it
   * has been collected.
   */
  @Override
  public void close() {
    closed = true;
    underWay.forEach(answer -> answer.cancel(true));
    HttpClient made = client.getAndSet(null);
    if (made != null) {
      shutDown(made);
    }
    // Not shut down: the JDK's client still closes its connections on these threads. Idle ones end.
    threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
  }

  /** Ends the client and waits until it has closed its connections, at most {@link #END}. */
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
    return client.get() != null;
  }
}
