package de.lifetimecircle.secrets.aws.transport;

import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ProxyRefusal;
import de.lifetimecircle.secrets.aws.errors.UnexpectedResponse;
import de.lifetimecircle.secrets.remote.ProxySettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpStatus;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Carries the SDK's requests over Apache's client, with two things that the SDK's own adapter
 * lacks: an interrupt ends a call, and no setting of any log shows a body or a token (see {@link
 * Connections}).
 *
 * <p>An exchange, the whole body of its answer included, is made by the thread that asks for it.
 * Safe for use by several threads. States: open, closed (every call fails). No lock is held.
 */
public final class Transport implements SdkHttpClient {
  /** Twenty values of the largest size, every byte written as an escape of six. */
  static final int MAX_BODY = 16 * 1024 * 1024;

  /** Apache sets these itself and refuses a second one. */
  private static final List<String> OWN = List.of("content-length", "transfer-encoding");

  /** Load balancers and firewalls forget connections after a few minutes without a packet. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final CloseableHttpClient client;
  private final IdleConnections idle;
  private final ProxySettings proxy;
  private final long patience;

  /**
   * First come, first served. The pool's own wait is not: under load a reader who has just come
   * takes the connection that another has waited for, until that one's time is over.
   */
  private final Semaphore permits;

  private final LongAdder secretRequests = new LongAdder();
  private volatile boolean closed;

  public Transport(Settings config, ScheduledExecutorService timer) {
    PoolingHttpClientConnectionManager pool = Connections.pool(config, Connections.LIFETIME);
    this.client = Connections.client(config, pool);
    this.idle = new IdleConnections(pool, timer, IDLE);
    this.proxy = config.proxy();
    this.patience = config.timeout().toNanos();
    this.permits = new Semaphore(config.maxConnections(), true);
  }

  /** How many requests to the service of secrets were sent. */
  public long secretRequests() {
    return secretRequests.sum();
  }

  @Override
  public String clientName() {
    return "Apache";
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Exchange(request);
  }

  /** One request with its answer. */
  private final class Exchange implements ExecutableHttpRequest {
    private final HttpUriRequest outgoing;

    Exchange(HttpExecuteRequest request) {
      SdkHttpRequest sent = request.httpRequest();
      RequestBuilder builder = RequestBuilder.create(sent.method().name()).setUri(sent.getUri());
      sent.forEachHeader(
          (name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
              values.forEach(value -> builder.addHeader(name, value));
            }
          });
      request
          .contentStreamProvider()
          .ifPresent(content -> builder.setEntity(new ByteArrayEntity(Signer.read(content))));
      this.outgoing = builder.build();
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      if (closed) {
        throw new IOException("the client was closed");
      }
      try {
        return exchangeInTurn();
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting for an answer");
        }
        throw e;
      } catch (IllegalStateException e) {
        // How Apache's pool of connections says that it was shut down in the meantime.
        if (closed) {
          throw new IOException("the client was closed", e);
        }
        throw e;
      }
    }

    private HttpExecuteResponse exchangeInTurn() throws IOException {
      try {
        if (!permits.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
          throw new ConnectionPoolTimeoutException("no connection came free in time");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a connection");
      }
      try {
        return exchange();
      } finally {
        permits.release();
        idle.used();
      }
    }

    /**
     * Makes the request, once more on another connection where the first was closed meanwhile. All
     * requests can be made twice: reads change nothing, and writes name what they expect or carry a
     * token.
     */
    private HttpExecuteResponse exchange() throws IOException {
      HttpContext context = Connections.context(proxy, outgoing.getURI());
      try {
        return once(context);
      } catch (IOException e) {
        boolean ended = outgoing.isAborted() || Thread.currentThread().isInterrupted();
        if (ended || !Connections.wasClosedWhileIdle(e, context)) {
          throw e;
        }
        return once(Connections.context(proxy, outgoing.getURI()));
      }
    }

    private HttpExecuteResponse once(HttpContext context) throws IOException {
      if (outgoing.containsHeader("X-Amz-Target")) { // a login's requests have none
        secretRequests.increment();
      }
      try (CloseableHttpResponse response = client.execute(outgoing, context)) {
        if (Connections.isOfProxy(response, context)) {
          int status = response.getStatusLine().getStatusCode();
          throw new ProxyRefusal(proxy.refusal(outgoing.getURI(), status));
        }
        SdkHttpFullResponse.Builder head =
            SdkHttpFullResponse.builder()
                .statusCode(response.getStatusLine().getStatusCode())
                .statusText(response.getStatusLine().getReasonPhrase());
        for (Header header : response.getAllHeaders()) {
          head.appendHeader(header.getName(), header.getValue());
        }
        byte[] body = body(response.getEntity());
        if (response.getStatusLine().getStatusCode() == HttpStatus.SC_OK) {
          UnexpectedResponse.refuse(outgoing.containsHeader("X-Amz-Target"), body);
        }
        return HttpExecuteResponse.builder()
            .response(head.build())
            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
            .build();
      }
    }

    @Override
    public void abort() {
      outgoing.abort();
    }
  }

  private static byte[] body(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    try (InputStream in = entity.getContent()) {
      byte[] body = in.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new UnexpectedResponse();
      }
      return body;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      client.close();
    } catch (IOException e) {
      // No caller waits for an answer any more, and there is nothing else to free.
    }
  }
}
