package de.lifetimecircle.secrets.azure.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.util.Context;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fail give their connection back. */
class AzureHttpTest {
  private static Settings config(int connections, Duration timeout) {
    return Settings.of(
        new StoreConfig(
            Map.of("vault-url", "https://v.vault.azure.net", "max-connections", "" + connections),
            name -> Optional.empty(),
            timeout,
            InstantSource.system()));
  }

  private static StoreFailure failure(HttpTransport transport, Duration timeout, int port) {
    Transport http = new Transport(transport, timeout, AnswerGuard::vault, new LongAdder());
    HttpRequest request = new HttpRequest(HttpMethod.GET, "https://127.0.0.1:" + port + "/");
    StoreFailure failure =
        catchThrowableOfType(StoreFailure.class, () -> http.sendSync(request, Context.NONE));
    assertThat(failure).isNotNull();
    return failure;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void refusedConnectionsUseUpNoneOfTheSettings(int connections) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Duration timeout = Duration.ofSeconds(10);
    try (HttpTransport transport = Transport.transport(config(connections, timeout))) {
      for (int i = 0; i < 2 * connections + 1; i++) {
        StoreFailure failure = failure(transport, timeout, port);
        assertThat(failure.kind()).as(failure.reason()).isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  /** The system accepts the connection, and nobody answers. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void requestsWithoutAnAnswerUseUpNoneOfTheSettings(int connections) throws IOException {
    Duration timeout = Duration.ofMillis(50);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        HttpTransport transport = Transport.transport(config(connections, timeout))) {
      for (int i = 0; i < 2 * connections + 1; i++) {
        StoreFailure failure = failure(transport, timeout, silent.getLocalPort());
        assertThat(failure.kind()).as(failure.reason()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.reason()).doesNotContain("all connections were in use");
      }
    }
  }
}
