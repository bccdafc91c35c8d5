package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on loopback between a provider and its server. It forwards, counts, and fails on demand:
 * on the wire ({@link #inject}) or with an answer that the test supplies ({@link #intercept}).
 *
 * <p>In front of an address with {@code http} or {@code https} it speaks HTTP/1.1, request by
 * request. It forwards the {@code Host} header unchanged, so addresses that a server builds from it
 * lead through the proxy as well. In front of an address with {@code tcp} it forwards bytes: it
 * knows no requests, counts none, and cannot answer in place of the server. Both speak TLS towards
 * the client if they have an authority, and towards the server if they have a trust.
 *
 * <p>Safe for use by several threads. States: forwarding; a fault or an interceptor is set; closed.
 * Each client connection has its own thread, which reads the fault and the interceptor once for
 * each request, and for bytes a second one, which reads the fault before each piece. Lock order: no
 * thread holds two locks; this object guards the listening socket.
 */
public final class FaultProxy implements AutoCloseable {
  /** How long a delayed answer takes: longer than the deadlines of the tests that wait for it. */
  static final int LATENCY_MILLIS = 4000;

  private static final String TCP = "tcp";
  private static final String[] LOOPBACK = {"localhost", "127.0.0.1"};

  private static final Set<Fault> OF_BYTES =
      EnumSet.of(
          Fault.REFUSED,
          Fault.RESET_EARLY,
          Fault.RESET,
          Fault.HALF_OPEN,
          Fault.LATENCY,
          Fault.SLOW_BODY,
          Fault.GARBAGE_BODY);
  private static final Set<Fault> OF_HTTP =
      EnumSet.of(
          Fault.HTML_BODY,
          Fault.BUSY,
          Fault.BUSY_WITH_TIME,
          Fault.OVERLOADED,
          Fault.OVERLOADED_WITH_TIME);
  private static final Set<Fault> OF_TLS =
      EnumSet.of(Fault.UNKNOWN_CA, Fault.WRONG_HOST, Fault.EXPIRED_CERTIFICATE);

  private final URI upstream;
  private final boolean isHttp;
  private final @Nullable SSLContext upstreamTls;
  private final @Nullable TestAuthority authority;
  private final @Nullable SSLContext tls;
  private final Map<Fault, SSLContext> wrong = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "fault-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Where bytes come from: an end of the client alone would not wake the thread that reads them.
   */
  private final Set<Socket> servers = ConcurrentHashMap.newKeySet();

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final int port;
  private volatile @Nullable Fault fault;
  private volatile @Nullable Function<Request, @Nullable Answer> interceptor;
  private volatile boolean closed;
  private ServerSocket listener;
  private Socket refusing = new Socket();
  private @Nullable Future<?> acceptor;

  private FaultProxy(Builder builder) throws IOException {
    this.upstream = builder.upstream;
    this.isHttp = !TCP.equals(upstream.getScheme());
    this.upstreamTls = builder.upstreamTls;
    this.authority = builder.authority;
    this.tls = authority == null ? null : authority.serverFor(LOOPBACK);
    this.listener = listen(0);
    this.port = listener.getLocalPort();
  }

  /** A request as it came; header names in lower case. */
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {
    /** Shows the method and the target without its query. */
    @Override
    public String toString() {
      return method + " " + target.replaceFirst("\\?.*", "");
    }
  }

  /** An answer as it goes out; header names in lower case. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    /** An answer with a document of that type. */
    public static Answer of(int status, String contentType, String body) {
      return new Answer(
          status,
          Map.of("content-type", contentType),
          body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The same answer with one more header. */
    public Answer with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header.toLowerCase(Locale.ROOT), value);
      return new Answer(status, more, body);
    }

    /** Shows the status. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /** Puts a proxy together. Not safe for use by several threads. */
  public static final class Builder {
    private final URI upstream;
    private @Nullable SSLContext upstreamTls;
    private @Nullable TestAuthority authority;

    private Builder(URI upstream) {
      this.upstream = upstream;
    }

    /** Sets the trust that the proxy uses when the server speaks TLS. */
    public Builder trusting(SSLContext context) {
      this.upstreamTls = context;
      return this;
    }

    /** Speaks TLS towards the client, with certificates of this authority. */
    public Builder presenting(TestAuthority issuer) {
      this.authority = issuer;
      return this;
    }

    /** Starts it on a free port of loopback. */
    public FaultProxy start() {
      try {
        FaultProxy proxy = new FaultProxy(this);
        proxy.accept();
        return proxy;
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot start a proxy", e);
      }
    }
  }

  /**
   * Begins a proxy in front of a server.
   *
   * @param upstream its address with {@code http}, {@code https} or {@code tcp}; the proxy ignores
   *     its path
   */
  public static Builder to(URI upstream) {
    return new Builder(upstream);
  }

  /** Returns the address that clients connect to. */
  public URI uri() {
    String scheme = !isHttp ? TCP : tls == null ? "http" : "https";
    return URI.create(scheme + "://localhost:" + port);
  }

  /** Returns the faults that this proxy can cause; those of certificates need an authority. */
  public Set<Fault> faults() {
    Set<Fault> faults = EnumSet.copyOf(OF_BYTES);
    if (isHttp) {
      faults.addAll(OF_HTTP);
    }
    if (tls != null) {
      faults.addAll(OF_TLS);
    }
    return faults;
  }

  /** Whether it knows requests and answers. */
  boolean isHttp() {
    return isHttp;
  }

  /**
   * Makes every connection fail in this way from now on; open ones are closed.
   *
   * @throws IllegalArgumentException for a fault that is not in {@link #faults}
   */
  public synchronized void inject(Fault wire) {
    if (!faults().contains(wire)) {
      throw new IllegalArgumentException("fault: " + wire + " (expected: one of " + faults() + ")");
    }
    fault = wire;
    if (wire == Fault.REFUSED) {
      quietly(listener);
      awaitAcceptor();
      keepPort();
    }
    // An open connection would otherwise continue without the fault.
    closeConnections();
  }

  /**
   * Lets a function answer from now on; where it gives null the server does.
   *
   * @param function called by several threads at once
   * @throws IllegalStateException if the proxy forwards bytes
   */
  public void intercept(Function<Request, @Nullable Answer> function) {
    requireHttp();
    interceptor = function;
  }

  /** Ends the fault and the interception. */
  public synchronized void clear() {
    interceptor = null;
    Fault ended = fault;
    if (ended != null) {
      closeConnections();
      fault = null;
    }
    if (ended == Fault.REFUSED && !closed) {
      quietly(refusing);
      try {
        listener = listen(port);
        accept();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot listen on port " + port + " again", e);
      }
    }
  }

  /**
   * Sends this request to the server and returns its answer.
   *
   * @throws IllegalStateException if the proxy forwards bytes
   */
  public Answer forward(Request request) throws IOException {
    requireHttp();
    try (UpstreamConnection server = new UpstreamConnection(this)) {
      return server.ask(request);
    }
  }

  private void requireHttp() {
    if (!isHttp) {
      throw new IllegalStateException("The proxy to " + upstream + " forwards bytes, not requests");
    }
  }

  /** Returns how many requests have come; 0 if the proxy forwards bytes. */
  public int requests() {
    return requests.get();
  }

  /** How many connections have been made. */
  public int connections() {
    return connections.get();
  }

  /** How many connections are open now. */
  public int openConnections() {
    return open.size();
  }

  @Nullable Fault fault() {
    return fault;
  }

  @Nullable Answer intercepted(Request request) {
    requests.incrementAndGet();
    Function<Request, @Nullable Answer> function = interceptor;
    return function == null ? null : function.apply(request);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    return socket;
  }

  /**
   * Binds a socket that does not listen: connections are refused, and no other program gets the
   * port.
   */
  private void keepPort() {
    quietly(refusing);
    refusing = new Socket();
    try {
      refusing.setReuseAddress(true);
      refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep port " + port, e);
    }
  }

  private synchronized void accept() {
    ServerSocket socket = listener;
    acceptor = threads.submit(() -> acceptAll(socket));
  }

  /**
   * Waits until no socket accepts any more. The system keeps a closed socket listening for as long
   * as a thread waits in it, and that thread still takes the connection that comes before its
   * waking up.
   */
  private void awaitAcceptor() {
    try {
      Objects.requireNonNull(acceptor, "accepting since the start").get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the proxy stopped listening", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The proxy did not stop listening", e);
    }
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        connections.incrementAndGet();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException | RejectedExecutionException e) {
        // The listening socket was closed, by a fault or at the end: the loop sees it.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Socket plain = tls == null ? client : secured(client);
      if (isHttp) {
        try (UpstreamConnection server = new UpstreamConnection(this)) {
          new HttpRelay(this, plain, client, server).run();
        }
      } else {
        try (Socket server = connect()) {
          servers.add(server);
          new ByteRelay(this, plain, client, server).run(threads);
        }
      }
    } catch (IOException e) {
      // The client or the server hung up: that connection is over, which the client notices.
    } finally {
      open.remove(client);
      servers.removeIf(Socket::isClosed);
    }
  }

  /** Connects to the server, with TLS where the proxy has a trust. */
  Socket connect() throws IOException {
    Socket plain = new Socket(upstream.getHost(), upstream.getPort());
    plain.setTcpNoDelay(true);
    if (upstreamTls == null) {
      return plain;
    }
    SSLSocket secured =
        (SSLSocket)
            upstreamTls
                .getSocketFactory()
                .createSocket(plain, upstream.getHost(), upstream.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    return secured;
  }

  private Socket secured(Socket client) throws IOException {
    SSLContext context = presented();
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(client, "localhost", port, false);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private SSLContext presented() {
    Fault now = fault;
    SSLContext usual = Objects.requireNonNull(tls);
    return now == null || !OF_TLS.contains(now) ? usual : wrong.computeIfAbsent(now, this::wrong);
  }

  private SSLContext wrong(Fault how) {
    TestAuthority issuer = Objects.requireNonNull(authority);
    if (how == Fault.UNKNOWN_CA) {
      return TestAuthority.create().serverFor(LOOPBACK);
    }
    return how == Fault.WRONG_HOST
        ? issuer.serverFor("somebody-else.example")
        : issuer.expiredServerFor(LOOPBACK);
  }

  private void closeConnections() {
    open.forEach(FaultProxy::quietly);
    servers.forEach(FaultProxy::quietly);
  }

  /** Closes a connection with a reset, which discards the data still in transit. */
  static void reset(Socket tcp) throws IOException {
    tcp.setSoLinger(true, 0);
    tcp.close();
  }

  /** Waits as long as a slow network takes; the end of the proxy interrupts it. */
  static void pause(int millis) throws IOException {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("a latch that is never counted down was opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the proxy was closed", e);
    }
  }

  static void quietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // It is being given up: whatever it still wanted to say is of no use to anybody.
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      quietly(listener);
      quietly(refusing);
    }
    closeConnections();
    threads.shutdownNow();
  }
}
