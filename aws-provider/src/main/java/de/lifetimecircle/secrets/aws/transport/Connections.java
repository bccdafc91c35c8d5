package de.lifetimecircle.secrets.aws.transport;

import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.remote.ProxySettings;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.PasswordAuthentication;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.NoHttpResponseException;
import org.apache.http.auth.AUTH;
import org.apache.http.auth.AuthState;
import org.apache.http.auth.MalformedChallengeException;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.auth.BasicScheme;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.DefaultManagedHttpClientConnection;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.impl.conn.SystemDefaultRoutePlanner;
import org.apache.http.io.SessionInputBuffer;
import org.apache.http.message.BasicHeader;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.apache.http.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Apache's client as this store needs it. Stateless.
 *
 * <p>Its own factory of connections writes every byte of every body to the log {@code
 * org.apache.http.wire} and every header to {@code org.apache.http.headers} at level DEBUG: values
 * in both directions, and session tokens. A service that turns on DEBUG for everything would print
 * its secrets. The connections here have no such log, whatever its level.
 *
 * <p>A thread that waits for one of its sockets does not notice an interrupt either. The sockets
 * here belong to channels, which the JDK closes when the thread that waits is interrupted.
 */
public final class Connections {
  public static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final int IDLE_CHECK_MILLIS = 1000;
  private static final int BUFFER = 8 * 1024;

  private Connections() {}

  public static CloseableHttpClient client(
      Settings config, PoolingHttpClientConnectionManager pool) {
    return HttpClients.custom()
        .setConnectionManager(pool)
        .setDefaultRequestConfig(limits(config))
        .setRoutePlanner(new SystemDefaultRoutePlanner(config.proxy()))
        .setRequestExecutor(new Marking())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableDefaultUserAgent()
        .build();
  }

  /**
   * The context of one request, with the credentials for its proxy, if it needs some: so the proxy
   * does not have to refuse the first try of each connection.
   */
  public static HttpContext context(ProxySettings proxy, URI uri) throws IOException {
    HttpContext context = new BasicHttpContext();
    Optional<PasswordAuthentication> credentials = proxy.credentials(uri);
    if (credentials.isPresent()) {
      AuthState state = new AuthState();
      state.update(
          basic(),
          new UsernamePasswordCredentials(
              credentials.get().getUserName(), new String(credentials.get().getPassword())));
      context.setAttribute(HttpClientContext.PROXY_AUTH_STATE, state);
    }
    return context;
  }

  private static BasicScheme basic() throws IOException {
    BasicScheme basic = new BasicScheme(StandardCharsets.UTF_8);
    try {
      basic.processChallenge(new BasicHeader(AUTH.PROXY_AUTH, "Basic realm=\"proxy\""));
    } catch (MalformedChallengeException e) {
      throw new IOException("a challenge of our own", e);
    }
    return basic;
  }

  /**
   * Whether the server closed a connection that was idle while a request was on its way over it: no
   * server took the request then. The socket of a channel reports it as a plain IOException where
   * it is the writing that fails.
   */
  static boolean wasClosedWhileIdle(IOException e, HttpContext context) {
    return (e instanceof NoHttpResponseException
            || e instanceof SocketException
            || e.getClass() == IOException.class)
        && !(e instanceof ConnectException)
        && context.getAttribute(Marking.USED) != null;
  }

  /**
   * Whether the proxy has answered in place of AWS: it wants a login, or it has not opened the
   * tunnel that was asked for last.
   */
  static boolean isOfProxy(HttpResponse answer, HttpContext context) {
    return answer.getStatusLine().getStatusCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED
        || "CONNECT".equals(context.getAttribute(Marking.METHOD));
  }

  /**
   * The pool of connections.
   *
   * @param lifetime how long a connection is used at most, so that all of them follow a change of
   *     the address
   */
  public static PoolingHttpClientConnectionManager pool(Settings config, Duration lifetime) {
    PoolingHttpClientConnectionManager pool =
        new PoolingHttpClientConnectionManager(
            RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", new Plain())
                .register("https", new Secured(config.tls().orElseGet(SSLContexts::createDefault)))
                .build(),
            (route, settings) -> new WipedConnection(), // which logs nothing
            null,
            SystemDefaultDnsResolver.INSTANCE,
            lifetime.toMillis(),
            TimeUnit.MILLISECONDS);
    pool.setMaxTotal(config.maxConnections());
    pool.setDefaultMaxPerRoute(config.maxConnections());
    pool.setValidateAfterInactivity(IDLE_CHECK_MILLIS);
    pool.setDefaultSocketConfig(
        SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(millis(config)).build());
    return pool;
  }

  private static RequestConfig limits(Settings config) {
    return RequestConfig.custom()
        .setConnectTimeout(millis(config))
        .setSocketTimeout(millis(config))
        .setConnectionRequestTimeout(millis(config))
        .setExpectContinueEnabled(false)
        .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
        .build();
  }

  private static int millis(Settings config) {
    return (int) Math.max(1, Math.min(config.timeout().toMillis(), Integer.MAX_VALUE));
  }

  /** A socket whose waits end at an interrupt of the thread. */
  private static Socket interruptible() throws IOException {
    return SocketChannel.open().socket();
  }

  /** Makes sockets for addresses without TLS and for proxies. */
  private static final class Plain extends PlainConnectionSocketFactory {
    @Override
    public Socket createSocket(HttpContext context) throws IOException {
      return interruptible();
    }
  }

  /** Makes sockets for TLS, and checks the host's name as Apache's own does. */
  private static final class Secured extends SSLConnectionSocketFactory {
    Secured(SSLContext trust) {
      super(trust);
    }

    @Override
    public Socket createSocket(HttpContext context) throws IOException {
      return interruptible();
    }
  }

  /**
   * A connection that logs nothing, and whose buffer holds nothing of an answer once its body has
   * been read. Apache's keeps it until later answers have written over each byte of it, or the
   * connection is closed: the value that a rotation displaced was found there in a heap dump.
   */
  private static final class WipedConnection extends DefaultManagedHttpClientConnection {
    /** The connection's own buffer, which is the first that is ever read into: for a head. */
    private byte @Nullable [] buffer;

    WipedConnection() {
      super("secrets-aws", BUFFER);
    }

    @Override
    protected InputStream getSocketInputStream(Socket socket) throws IOException {
      return new FilterInputStream(super.getSocketInputStream(socket)) {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          if (buffer == null) {
            buffer = into;
          }
          return super.read(into, offset, length);
        }
      };
    }

    @Override
    protected InputStream createInputStream(long length, SessionInputBuffer session) {
      return new FilterInputStream(super.createInputStream(length, session)) {
        @Override
        public void close() throws IOException {
          try {
            super.close();
          } finally {
            wipe();
          }
        }
      };
    }

    private void wipe() {
      if (buffer != null) {
        Arrays.fill(buffer, (byte) 0);
      }
    }
  }

  /**
   * Notes the method of the last request, and whether it goes over a connection that has carried
   * another one.
   */
  private static final class Marking extends HttpRequestExecutor {
    private static final String USED = "secrets.used";
    private static final String METHOD = "secrets.method";

    @Override
    public HttpResponse execute(
        HttpRequest request, HttpClientConnection connection, HttpContext context)
        throws IOException, HttpException {
      boolean used = connection.getMetrics().getRequestCount() > 0;
      context.setAttribute(USED, used ? Boolean.TRUE : null);
      context.setAttribute(METHOD, request.getRequestLine().getMethod());
      return super.execute(request, connection, context);
    }
  }
}
