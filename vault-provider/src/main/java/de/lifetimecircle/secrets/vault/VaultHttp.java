package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** The transport of a store, with the words of its settings for each failure. Thread-safe. */
final class VaultHttp implements AutoCloseable {
  static final int MAX_BODY = 8 * 1024 * 1024;

  private final VaultConfig config;
  private final HttpTransport transport;

  VaultHttp(VaultConfig config) {
    this.config = config;
    this.transport =
        new HttpTransport(
            new HttpTransport.Settings(
                "secrets-vault-http",
                config.maxConnections(),
                config.timeout(),
                MAX_BODY,
                // A standby that cannot forward sends its clients to the active node. Never to
                // http.
                Redirect.NORMAL,
                config.proxy()),
            this::trust);
  }

  private Optional<SSLContext> trust() {
    try {
      return config.tls().isCustom() ? Optional.of(config.tls().context()) : Optional.empty();
    } catch (StoreFailure e) {
      throw e.advising("Check vault.ca-file, vault.client-cert-file and vault.client-key-file");
    }
  }

  /** Sends a request and waits for the whole answer, at most until the deadline. */
  HttpTransport.Answer send(HttpRequest.Builder request, VaultDeadline deadline) {
    try {
      return transport.send(request, Duration.ofNanos(deadline.left()));
    } catch (TimeoutException e) {
      throw deadline.late();
    } catch (ExecutionException e) {
      throw VaultNetworkProblems.of(e.getCause(), deadline);
    }
  }

  /** Ends every request under way with {@code CLOSED}, and frees threads and connections. */
  @Override
  public void close() {
    transport.close();
  }

  /** Whether it keeps a client of the JDK alive, with its selector thread and its connections. */
  boolean holdsClient() {
    return transport.holdsClient();
  }
}
