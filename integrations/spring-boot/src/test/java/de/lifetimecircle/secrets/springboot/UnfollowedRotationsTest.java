package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Which properties of Spring that come from a secret a start warns of. */
@ExtendWith(LeakProbeExtension.class)
final class UnfollowedRotationsTest {
  private static final Logger LOGGER = Logger.getLogger(UnfollowedRotations.class.getName());
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private FakeStore store;

  @BeforeEach
  void listen(LeakProbe probe) {
    store =
        FakeStore.create()
            .holding("PW", probe.canary("password"))
            .holding("DATABASE", "{\"password\":\"" + probe.canary("password in JSON") + "\"}");
    LOGGER.setFilter( // a handler would not outlive Boot's set-up of its log
        record -> {
          warnings.add(
              new MessageFormat(record.getMessage(), Locale.ROOT).format(record.getParameters()));
          return true;
        });
  }

  @AfterEach
  void end() {
    LOGGER.setFilter(null);
  }

  private void start(String... properties) {
    Applications.start(
            store, Stream.concat(Stream.of(IMPORT), Stream.of(properties)).toArray(String[]::new))
        .close();
  }

  @ParameterizedTest
  @CsvSource({
    "spring.datasource.password, secrets.datasource",
    "spring.datasource.username, secrets.datasource",
    "spring.datasource.hikari.password, secrets.datasource",
    "spring.datasource.tomcat.password, secrets.datasource",
    "spring.r2dbc.password, SecretProvider",
    "spring.data.redis.password, SecretProvider",
    "spring.data.redis.url, SecretProvider",
    "spring.rabbitmq.password, SecretProvider",
    "spring.rabbitmq.addresses, SecretProvider",
    "spring.data.mongodb.uri, SecretProvider",
    "spring.mongodb.uri, SecretProvider",
    "spring.mail.password, SecretProvider",
    "spring.neo4j.authentication.password, SecretProvider",
    "spring.kafka.properties.sasl.jaas.config, secrets-kafka",
    "spring.kafka.properties[sasl.jaas.config], secrets-kafka",
    "spring.kafka.consumer.properties[sasl.jaas.config], secrets-kafka",
    "spring.kafka.ssl.key-store-password, secrets-kafka",
    "spring.ssl.bundle.pem.web.keystore.private-key, secrets.ssl",
  })
  void aPropertyOfAConnectionIsNamedWithWhatToUse(String property, String advice) {
    start(property + "=prefix-${secret.PW}-suffix");
    assertThat(warnings).singleElement().asString().contains(property, "[PW]", advice);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${secret.PW}",
        "${secret.DATABASE#password}",
        "${secret.PW:default}",
        "${db.password}",
        "${secret.ABSENT:${secret.PW}}",
        "jdbc:postgresql://db/shop?password=${secret.PW}",
      })
  void everyWayToASecretCounts(String value) {
    start(
        "db.password=${db.other}", "db.other=${secret.PW}", "spring.datasource.password=" + value);
    assertThat(warnings).singleElement().asString().contains("spring.datasource.password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.datasource.password=literal",
        "spring.datasource.password=${other}",
        "spring.flyway.password=${secret.PW}",
        "spring.liquibase.password=${secret.PW}",
        "shop.api-key=${secret.PW}",
        "springs.password=${secret.PW}",
      })
  void nothingElseIsNamed(String property) {
    start("other=text", property);
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneWarningNamesAll() {
    start(
        "spring.datasource.password=${secret.PW}",
        "spring.data.redis.password=${secret.DATABASE#password}",
        "spring.rabbitmq.password=${secret.PW}");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(
            "spring.data.redis.password=[DATABASE], spring.datasource.password=[PW],"
                + " spring.rabbitmq.password=[PW]",
            "secrets.datasource",
            "docs/recipes.md");
  }

  @Test
  void theSourceThatWinsCounts() {
    start(
        "spring.datasource.password=literal",
        "spring.config.additional-location=",
        "spring.data.redis.password=${secret.PW}");
    assertThat(warnings).singleElement().asString().doesNotContain("spring.datasource");
  }

  @Test
  void aVariableOfTheEnvironmentCounts() {
    SpringApplicationBuilder application =
        new SpringApplicationBuilder(Applications.Empty.class)
            .web(WebApplicationType.NONE)
            .initializers(
                context ->
                    context
                        .getEnvironment()
                        .getPropertySources()
                        .replace(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("SPRING_DATASOURCE_PASSWORD", "${secret.PW}"))),
                context -> new TestStoreCustomizer(store).customizeContext(context, null));
    application.run("--" + IMPORT).close();
    assertThat(warnings).singleElement().asString().contains("spring.datasource.password=[PW]");
  }

  @Configuration(proxyBeanMethods = false)
  @PropertySource("classpath:/unfollowed.properties")
  static class WithFile {}

  @Test
  void aFileThatAClassAddsCounts() {
    Applications.start(WithFile.class, store, IMPORT).close();
    assertThat(warnings).singleElement().asString().contains("spring.rabbitmq.password=[PW]");
  }

  @Test
  void aChildDoesNotRepeatTheWarningOfItsParent() {
    try (ConfigurableApplicationContext parent =
        Applications.start(store, IMPORT, "spring.datasource.password=${secret.PW}")) {
      for (String own : List.of("other=1", "spring.rabbitmq.password=${secret.PW}")) {
        new SpringApplicationBuilder(Applications.Empty.class)
            .parent(parent)
            .web(WebApplicationType.NONE)
            .run("--" + own)
            .close();
      }
    }
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(1))
        .contains("spring.rabbitmq.password")
        .doesNotContain("spring.datasource.password=");
  }

  @Test
  void theExaminationAsksNoBackend() {
    start("spring.datasource.password=${secret.PW}", "spring.lazy=${secret.ABSENT:none}");
    assertThat(store.calls(FakeStore.Op.FETCH)).as("that the start needs").isEqualTo(1);
    assertThat(warnings).hasSize(1);
  }
}
