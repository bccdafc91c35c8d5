package de.lifetimecircle.secrets.vault;

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
 * The HttpClient that the driver is given: keeps the request that the driver builds, and sends
 * nothing. The driver's own way with answers is not safe for secrets (see ADR 37), so the request
 * is sent by {@link VaultClient}. Used once, by one thread.
 */
final class VaultRequestCapture extends HttpClient {
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
