package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.env.MockEnvironment;

final class EndpointSanitizerTest {
  @Test
  void noSecretShowsInTheEnvironmentEndpoint() {
    try (LeakProbe probe = LeakProbe.start()) {
      String first = probe.canary("first version");
      String second = probe.canary("second version");
      FakeStore store = FakeStore.create().holding("KEY", first);
      try (ConfigurableApplicationContext app =
          Applications.start(
              store,
              IMPORT,
              "app.url=db://user:${secret.KEY}@host",
              "again=${app.url}",
              "plain=x")) {
        assertThat(app.getEnvironment().getProperty("again")).contains(first);
        EndpointSanitizer sanitizer = app.getBean(EndpointSanitizer.class);
        EnvironmentEndpoint endpoint =
            new EnvironmentEndpoint(app.getEnvironment(), List.of(sanitizer), Show.ALWAYS);

        assertThat(value(endpoint, "app.url")).isEqualTo("******");
        assertThat(value(endpoint, "again")).isEqualTo("******");
        assertThat(value(endpoint, "secret.KEY")).isEqualTo("******");
        assertThat(value(endpoint, "plain")).isEqualTo("x");

        store.holding("KEY", second);
        app.getBean(SecretProvider.class).refresh("KEY");
        assertThat(app.getEnvironment().getProperty("again")).contains(second);
        // A bean that was bound before holds the old value, and nothing of it is in the property.
        for (String bound : List.of(first, "db://user:" + first + "@host", second)) {
          SanitizableData shown =
              sanitizer.apply(new SanitizableData(null, "spring.datasource.hikari.url", bound));
          assertThat(shown.getValue()).isEqualTo("******");
        }
        probe.look("source", SecretsPropertySource.in(app.getEnvironment()).orElseThrow());
      }
      probe.assertClean();
    }
  }

  /** Too short to be recognised inside a text; the placeholder shows where it is. */
  @Test
  void aPropertyWithAShortSecretIsHidden() {
    FakeStore store = FakeStore.create().holding("PIN", "4711");
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "app.door=open:${secret.PIN}:now", "app.code=x4711x")) {
      assertThat(app.getEnvironment().getProperty("app.door")).isEqualTo("open:4711:now");
      EnvironmentEndpoint endpoint =
          new EnvironmentEndpoint(
              app.getEnvironment(), List.of(app.getBean(EndpointSanitizer.class)), Show.ALWAYS);
      assertThat(value(endpoint, "app.door")).isEqualTo("******");
      assertThat(value(endpoint, "app.code")).isEqualTo("x4711x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secrets.vault.token",
        "secrets.vault.secretId",
        "secrets.aws.secret-access-key",
        "secrets.azure.client_secret",
        "secrets.postgresql.url", // its jar is absent
        "secrets.unknown",
        "SECRETS_VAULT_TOKEN",
        "SECRETS_AWS_SECRET_ACCESS_KEY",
        "SECRETS_POSTGRESQL_URL"
      })
  void aSettingThatBearsASecretIsHidden(String property) {
    assertThat(shown(property)).isEqualTo("******");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secrets.backend",
        "secrets.softAge",
        "secrets.vault.address",
        "secrets.validate[prod/DB].min-length",
        "secrets.require[0]",
        "secrets.ssl.web.private-key",
        "secrets.datasource.secret",
        "SECRETS_BACKEND",
        "SECRETS_SOFT_AGE",
        "SECRETS_VAULT_ADDRESS",
        "SECRETS_CONFIG",
        "SECRETS_SSL_WEB_CERTIFICATE",
        "secretsauce.salt"
      })
  void anotherSettingShows(String property) {
    assertThat(shown(property)).isEqualTo("of the setting");
  }

  private static Object shown(String property) {
    MockEnvironment environment = new MockEnvironment().withProperty(property, "of the setting");
    PropertyReads reads = new PropertyReads(PropertyReads.OnOutage.FAIL);
    return value(
        new EnvironmentEndpoint(
            environment,
            List.of(new EndpointSanitizer(reads, new DependentProperties(environment, reads))),
            Show.ALWAYS),
        property);
  }

  private static Object value(EnvironmentEndpoint endpoint, String property) {
    return endpoint.environmentEntry(property).getProperty().getValue();
  }
}
