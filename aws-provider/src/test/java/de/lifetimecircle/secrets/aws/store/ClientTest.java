package de.lifetimecircle.secrets.aws.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientTest {
  /** The one task that may wait is the look for idle connections. */
  @Test
  void theDeadlineOfARequestIsForgottenWithItsAnswer() {
    Answer none =
        Answer.of(200, "application/x-amz-json-1.1", Json.write(Map.of("SecretList", List.of())));
    try (FaultProxy proxy = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
        Client client = new Client(settings(proxy.uri()))) {
      proxy.intercept(request -> none);
      for (int i = 0; i < 5; i++) {
        assertThat(client.ask(sdk -> sdk.listSecrets()).secretList()).isEmpty();
      }
      assertThat(client.timer.getQueue()).hasSizeLessThanOrEqualTo(1);
    }
  }

  private static Settings settings(URI endpoint) {
    Map<String, String> values =
        Map.of(
            "region", "eu-central-1",
            "endpoint", endpoint.toString(),
            "access-key-id", "AKIAQ7ZJ2LR9XWT4BN8S",
            "secret-access-key", "vJm2/Lr9XwT4bN8sKdqZ7vPq");
    return Settings.of(
        new StoreConfig(
            values, variable -> Optional.empty(), Duration.ofMinutes(1), InstantSource.system()));
  }
}
