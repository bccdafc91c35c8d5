package de.lifetimecircle.secrets.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpStatus;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpEntityEnclosingRequestBase;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.protocol.BasicHttpContext;
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
 * lacks: an interrupt ends a call at once, and no setting of any log shows a body or a token (see
 * {@link AwsConnections}).
 *
 * <p>A thread that waits for a socket does not notice an interrupt. So each exchange, the whole
 * body of its answer included, is made by a thread of ours, and the caller waits for it in a way
 * that an interrupt ends; the request is then aborted, which closes its socket and sets that thread
 * free. There are as many threads as connections, and they go when they are idle.
 *
 * <p>Safe for use by several threads. States: open, closed (every call fails). No lock is held.
 */
final class AwsHttp implements SdkHttpClient {
  /** Twenty values of the largest size, every byte written as an escape of six. */
  static final int MAX_BODY = 16 * 1024 * 1024;

  private static final Duration IDLE = Duration.ofSeconds(2);

  private final CloseableHttpClient client;
  private final ThreadPoolExecutor threads;

  AwsHttp(AwsConfig config) {
    this.client = AwsConnections.client(config);
    AtomicInteger number = new AtomicInteger();
    // Every caller but the first few waits for a connection anyway; it waits in the queue instead.
    this.threads =
        new ThreadPoolExecutor(
            config.maxConnections(),
            config.maxConnections(),
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(work, "secrets-aws-" + number.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
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
    private final Outgoing outgoing;

    Exchange(HttpExecuteRequest request) {
      this.outgoing = new Outgoing(request.httpRequest());
      request
          .contentStreamProvider()
          .ifPresent(
              content -> {
                try (InputStream body = content.newStream()) {
                  outgoing.setEntity(new ByteArrayEntity(body.readAllBytes()));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException("Cannot read a request of our own", e);
                }
              });
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      Future<HttpExecuteResponse> answer;
      try {
        answer = threads.submit(this::exchange);
      } catch (RejectedExecutionException e) {
        throw new IOException("the client was closed", e);
      }
      try {
        return answer.get();
      } catch (InterruptedException e) {
        abort();
        answer.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for an answer");
      } catch (ExecutionException e) {
        throw rethrown(e);
      }
    }

    /**
     * Makes the request, once more on another connection where the first was closed meanwhile. All
     * requests can be made twice: reads change nothing, and writes name what they expect or carry a
     * token.
     */
    private HttpExecuteResponse exchange() throws IOException {
      HttpContext context = new BasicHttpContext();
      try {
        return once(context);
      } catch (IOException e) {
        if (outgoing.isAborted() || !AwsConnections.wasClosedWhileIdle(e, context)) {
          throw e;
        }
        return once(new BasicHttpContext());
      }
    }

    private HttpExecuteResponse once(HttpContext context) throws IOException {
      try (CloseableHttpResponse response = client.execute(outgoing, context)) {
        SdkHttpFullResponse.Builder head =
            SdkHttpFullResponse.builder()
                .statusCode(response.getStatusLine().getStatusCode())
                .statusText(response.getStatusLine().getReasonPhrase());
        for (Header header : response.getAllHeaders()) {
          head.appendHeader(header.getName(), header.getValue());
        }
        byte[] body = body(response.getEntity());
        if (response.getStatusLine().getStatusCode() == HttpStatus.SC_OK) {
          AwsForeignAnswer.refuse(outgoing.containsHeader("X-Amz-Target"), body);
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
        throw new AwsForeignAnswer();
      }
      return body;
    }
  }

  private static IOException rethrown(ExecutionException e) {
    if (e.getCause() instanceof IOException io) {
      return io;
    }
    if (e.getCause() instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new IOException("an exchange failed", e);
  }

  /** A request of any method, with or without a body. */
  private static final class Outgoing extends HttpEntityEnclosingRequestBase {
    // Apache sets these itself and refuses a second one.
    private static final List<String> OWN = List.of("content-length", "transfer-encoding");

    private final String method;

    Outgoing(SdkHttpRequest request) {
      this.method = request.method().name();
      setURI(request.getUri());
      request.forEachHeader(
          (name, values) -> {
            if (!OWN.contains(name.toLowerCase(java.util.Locale.ROOT))) {
              values.forEach(value -> addHeader(name, value));
            }
          });
    }

    @Override
    public String getMethod() {
      return method;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      // Nobody waits for an answer any more, and there is nothing else to free.
    }
  }
}
