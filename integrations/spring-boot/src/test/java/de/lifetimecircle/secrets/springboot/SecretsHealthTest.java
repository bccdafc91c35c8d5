package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.ConfigurableApplicationContext;

final class SecretsHealthTest {
  private final FakeStore store =
      FakeStore.create().holding("KEY", "first").holding("OTHER", "of other");

  @Test
  void heldValuesAreUpWithADetailAndAnExpiredRequiredNameIsDown() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            IMPORT,
            "secrets.require=KEY",
            "secrets.soft-age=30ms",
            "secrets.max-stale=5s",
            "secrets.negative-age=10ms",
            "secrets.retries=0")) {
      app.getEnvironment().getProperty("secret.OTHER");
      SecretsHealth health = app.getBean(SecretsHealth.class);
      assertThat(health.state().up()).isTrue();
      assertThat(health.state().details())
          .containsEntry("names", 2)
          .doesNotContainKey("unreadable");

      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      Applications.await(() -> health.state().details().containsKey("stale"));
      assertThat(health.state().up()).as("held values serve").isTrue();

      Applications.await(() -> !health.state().up());
      assertThat(health.state().details().get("unreadable")).asString().contains("KEY");

      store.recover();
      Applications.await(() -> health.state().up());
    }
  }

  @Test
  void aNameThatIsNotRequiredIsOnlyADetail() {
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "secrets.negative-age=10ms")) {
      app.getEnvironment().getProperty("secret.OTHER");
      store.losing("OTHER");
      app.getBean(PropertyReads.class).provider().invalidate("OTHER");

      SecretsHealth health = app.getBean(SecretsHealth.class);
      Applications.await(() -> health.state().details().containsKey("unreadable"));
      assertThat(health.state().up()).isTrue();
    }
  }

  /** The key of this indicator wins, as for those of Boot. */
  @ParameterizedTest
  @CsvSource({
    "none, none, true",
    "none, false, false",
    "none, true, true",
    "false, none, false",
    "false, true, false",
    "true, false, true"
  })
  void theSettingsOfHealthCount(String own, String all, boolean isThere) {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            IMPORT,
            own.equals("none") ? "a=b" : "management.health.secrets.enabled=" + own,
            all.equals("none") ? "a=b" : "management.health.defaults.enabled=" + all)) {
      assertThat(app.containsBean("secretsHealthIndicator")).isEqualTo(isThere);
    }
  }

  @Test
  void theIndicatorShowsIt() {
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "secrets.require=KEY")) {
      ActuatorHealthIndicator indicator = app.getBean(ActuatorHealthIndicator.class);
      assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
      assertThat(app.getBean("secretsHealthIndicator")).isSameAs(indicator);
    }
  }
}
