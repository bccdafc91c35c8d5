package de.lifetimecircle.secrets.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The word {@code micrometer} in the configuration. */
class SecretMetersFactoryTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void leaveGlobalRegistry() {
    Metrics.removeRegistry(registry);
  }

  private static SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(FakeStore.create().holding("A", "a value").holding("B", "another"))
        .environment(Map.of())
        .set("metrics", "micrometer");
  }

  @Test
  void oneLineOfConfigurationShowsTheFiguresInTheGlobalRegistry() {
    try (SecretProvider provider = builder().build()) {
      provider.get("A");
      Metrics.addRegistry(registry); // as Spring Boot does, long after the first load
      assertThat(registry.get("secrets.backend.calls").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("secrets.loads").tag("purpose", "read").timer().count()).isEqualTo(1);
      assertThat(registry.getMetersAsString()).doesNotContain("name='");
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void theListAllowsNames() {
    Metrics.addRegistry(registry);
    try (SecretProvider provider = builder().set("micrometer.names", "B, C").build()) {
      provider.get("A");
      provider.get("B");
      assertThat(registry.get("secrets.loads").tag("name", "B").timer().count()).isEqualTo(1);
      assertThat(registry.find("secrets.loads").tag("name", "A").timer()).isNull();
    }
  }

  @Test
  void aWrongListIsRefused() {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> builder().set("micrometer.names", "A,,B").build().close())
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "micrometer.names: A,,B (expected: names with one comma between them, or"
                            + " no such setting)"));
  }
}
