package de.lifetimecircle.secrets.vault.transport;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The seam between vault-java-driver and this store (ADR 37). Step by step:
 *
 * <ol>
 *   <li>{@link Client} calls one of four methods of the driver, with a raw path.
 *   <li>The driver builds the request: address, method, path, headers for token and namespace.
 *   <li>It hands the request to the HTTP client that it was given, which is this class.
 *   <li>{@link #send} keeps the request and throws; the driver gives up, as if a network failed.
 *   <li>{@link Client} encodes the path again and gives a write its body.
 *   <li>It sends the request over the store's transport, within the deadline.
 *   <li>{@code Reply} reads the answer, which the driver never gets: it would decode it with the
 *       platform's charset, drop its headers and put its text into exceptions.
 * </ol>
 *
 * <p>{@code HttpClient} demands the methods below {@link #send}. Used once, by one thread.
 */
final class RequestCapture extends HttpClient {
  private @Nullable HttpRequest request;

  /** The request that the driver built; null if it built none. */
  @Nullable HttpRequest request() {
    return request;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest built, BodyHandler<T> handler) throws IOException {
    request = built;
    // The driver wraps it in an exception of its own and gives up.
    throw new IOException("the request is sent elsewhere");
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest built, BodyHandler<T> body) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("sendAsync"));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest built, BodyHandler<T> body, @Nullable PushPromiseHandler<T> push) {
    return sendAsync(built, body);
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
