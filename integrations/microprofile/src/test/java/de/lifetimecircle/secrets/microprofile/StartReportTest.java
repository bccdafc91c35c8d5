package de.lifetimecircle.secrets.microprofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.text.MessageFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log says of a start: why a secret cannot be read, and what no rotation reaches. */
@ExtendWith(LeakProbeExtension.class)
final class StartReportTest {
  private static final Logger LOGGER = Logger.getLogger(ConfiguredSecrets.class.getPackageName());
  private static final Logger ROTATIONS = Logger.getLogger(UnfollowedRotations.class.getName());

  private final List<String> log = new CopyOnWriteArrayList<>();
  private FakeStore store;
  private SmallRyeConfig config;

  @BeforeEach
  void listen(LeakProbe probe) {
    store = FakeStore.create().holding("PW", probe.canary("password"));
    TestBackendFactory.store = store;
    for (Logger each : List.of(LOGGER, ROTATIONS)) {
      each.setFilter(
          record -> {
            log.add(
                new MessageFormat(record.getMessage(), Locale.ROOT).format(record.getParameters()));
            return true;
          });
    }
  }

  @AfterEach
  void end() {
    LOGGER.setFilter(null);
    ROTATIONS.setFilter(null);
    if (config != null) {
      ConfiguredSecrets.of(config).close();
    }
  }

  private SmallRyeConfig start(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("secrets.backend", "memory");
    properties.put("secrets.overrides", "off");
    properties.put("secrets.retries", "0");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    config =
        ConfigInProduction.with(
            List.of(new PropertiesConfigSource(properties, "application.properties", 250)));
    return config;
  }

  // ---- a secret that cannot be read

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "TIMEOUT", "ACCESS_DENIED", "UNAUTHENTICATED", "THROTTLED"})
  void theFirstFailureIsLoggedWithNameAndKind(Kind kind) {
    store.outage(FakeStep.fail(kind));
    start("a", "${secrets::PW}", "b", "${secret.PW}");
    for (String property : List.of("a", "b", "a")) {
      assertThatThrownBy(() -> config.getValue(property, String.class))
          .isInstanceOf(SecretException.class);
    }
    assertThat(log).singleElement().asString().contains("secret 'PW': " + kind + ".");
  }

  @Test
  void eachNameIsLoggedAndAgainAfterASuccess() {
    store.holding("OTHER", "value");
    start("a", "${secrets::PW}", "b", "${secrets::OTHER}", "c", "${secrets::ABSENT}");
    assertThatThrownBy(() -> config.getValue("c", String.class)).hasMessageContaining("ABSENT");
    assertThat(log).singleElement().asString().contains("secret 'ABSENT': NOT_FOUND.");
    config.getValue("a", String.class);

    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    store.holding("ABSENT", "value");
    ConfiguredSecrets.of(config).provider().invalidate("OTHER");
    assertThat(config.getValue("a", String.class)).as("held").isNotEmpty();
    assertThat(log).hasSize(1);
  }

  @Test
  void aDefaultIsNoFailure() {
    start("a", "${secret.ABSENT:none}");
    assertThat(config.getValue("a", String.class)).isEqualTo("none");
    assertThat(config.getOptionalValue("secret.ABSENT", String.class)).isEmpty();
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secrets.timeout", "secrets.max-stale"})
  void aWrongSettingIsLogged(String setting) {
    assertThatThrownBy(() -> start(setting, "never", "a", "${secrets::PW}"))
        .hasStackTraceContaining("timeout".equals(setting) ? "timeout" : "never");
    assertThat(log).singleElement().asString().contains("configuration: CONFIGURATION.", "never");
    config = null;
  }

  // ---- what no rotation reaches

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quarkus.datasource.password",
        "quarkus.datasource.\"users\".password",
        "quarkus.datasource.reactive.url",
        "quarkus.redis.hosts",
        "quarkus.redis.password",
        "quarkus.mongodb.connection-string",
        "quarkus.mailer.password",
        "quarkus.rest-client.\"partner\".url",
        "mp.messaging.connector.smallrye-kafka.sasl.jaas.config",
        "mp.messaging.incoming.orders.password",
        "kafka.sasl.jaas.config",
        "rabbitmq-password",
        "%prod.quarkus.datasource.password",
        "%test,prod.quarkus.datasource.password",
        "QUARKUS_DATASOURCE_PASSWORD",
      })
  void aPropertyThatIsReadAtTheStartIsNamedOnce(String property) {
    start(property, "x${secrets::PW}y");
    start(property, "x${secrets::PW}y"); // as Quarkus does, which makes two configurations
    assertThat(log).singleElement().asString().contains(property + "=[PW]", "credentials-provider");
    assertThat(ConfiguredSecrets.of(config).provider().stats().loads())
        .as("the examination reads nothing, the prefetch reads once")
        .isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${db.password}",
        "x${db.password:none}y",
        "${db.absent:${db.password}}",
        "${db.of-profile}",
        "${db.round}",
      })
  void aPropertyThatRefersToOthersIsNamed(String value) {
    start(
        "quarkus.datasource.password", value,
        "db.password", "${db.other}",
        "db.other", "${secret.PW}",
        "db.of-profile", "literal",
        "%prod.db.of-profile", "${secrets::PW}",
        "db.round", "${db.round}${db.other}");
    assertThat(log).singleElement().asString().contains("{quarkus.datasource.password=[PW]}");
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.datasource.password, literal",
    "quarkus.datasource.password, ${db.absent}",
    "quarkus.datasource.password, ${secrets.backend}",
    "quarkus.datasource.credentials-provider, PW",
    "quarkus.flyway.password, ${secrets::PW}",
    "quarkus.liquibase.password, ${secret.PW}",
    "%dev.quarkus.datasource.password, ${secrets::PW}",
    "'%dev,test.quarkus.datasource.password', ${secrets::PW}",
    "shop.password, ${secrets::PW}",
    "kafkaesque.password, ${secrets::PW}",
  })
  void nothingElseIsNamed(String property, String value) {
    start(property, value);
    assertThat(log).isEmpty();
  }

  @Test
  void oneWarningNamesAllAndTheSourceThatWins() {
    Map<String, String> stronger =
        Map.of("quarkus.redis.password", "literal", "oidc.secret", "literal");
    config =
        new SmallRyeConfigBuilder()
            .addDiscoveredSources()
            .withSources(
                new PropertiesConfigSource(stronger, "stronger", 400),
                new PropertiesConfigSource(
                    Map.of(
                        "secrets.backend", "memory",
                        "secrets.overrides", "off",
                        "quarkus.redis.password", "${secrets::PW}",
                        "quarkus.oidc.credentials.secret", "${oidc.secret}",
                        "oidc.secret", "${secrets::PW}",
                        "quarkus.mailer.password", "${secret.PW}",
                        "quarkus.datasource.password", "${secrets::PW}"),
                    "application.properties",
                    250))
            .build();
    assertThat(log)
        .singleElement()
        .asString()
        .contains("{quarkus.datasource.password=[PW], quarkus.mailer.password=[PW]}");
  }
}
