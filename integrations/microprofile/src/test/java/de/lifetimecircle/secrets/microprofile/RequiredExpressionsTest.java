package de.lifetimecircle.secrets.microprofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An expression that no secret answers fails; SmallRye would take its property for one not set. */
final class RequiredExpressionsTest {
  private final FakeStore store =
      FakeStore.create().holding("API_KEY", "right").holding("prod/DB", "{\"password\":\"pw\"}");
  private SmallRyeConfig config;

  @AfterEach
  void close() {
    ConfiguredSecrets.of(config).close();
  }

  private ConfiguredSecrets secrets(String... keysAndValues) {
    TestBackendFactory.store = store;
    Map<String, String> properties = new HashMap<>();
    properties.put("secrets.backend", "memory");
    properties.put("secrets.overrides", "off");
    properties.put("secrets.retries", "0");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    config =
        ConfigInProduction.with(
            List.of(
                new PropertiesConfigSource(properties, "application.properties", 250),
                new PropertiesConfigSource(Map.of("replaced", "of a test"), "test", 300)));
    return ConfiguredSecrets.of(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${secret.API_KEYY}",
        "${secrets::API_KEYY}",
        "${absent:${secret.API_KEYY}}",
        "${secret.API_KEYY:${secret.API_KEYYY}}",
        "${unknown}${secret.API_KEYY}",
        "${secret.prod/DB#user}",
        "${other}",
      })
  void aReadNeverTakesItForAPropertyThatIsNotSet(String expression) {
    secrets("password", expression, "other", "${secret.API_KEYY}");
    assertThatThrownBy(() -> config.getOptionalValue("password", String.class))
        .isInstanceOf(SecretException.class);
    assertThatThrownBy(() -> config.getValue("password", String.class))
        .isInstanceOf(SecretException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${secret.API_KEY} | right",
        "${secret.API_KEYY:instead} | instead",
        "${absent:${secret.API_KEY}} | right",
        "${present:${secret.API_KEYY}} | here",
        "${secret.API_KEYY:${secret.API_KEY}} | right",
        "${secret.API_KEY:${secret.API_KEYY}} | right",
        "${secret.prod/DB#password} | pw",
        "\\${secret.API_KEYY} | ${secret.API_KEYY}",
      })
  void anAnsweredOneHasItsValue(String expression, String value) {
    ConfiguredSecrets secrets = secrets("password", expression, "present", "here");
    assertThatCode(() -> secrets.requireAnswers(config)).doesNotThrowAnyException();
    assertThat(config.getValue("password", String.class)).isEqualTo(value);
  }

  @Test
  void theStartNamesEachAtOnceWithTheNearest() {
    ConfiguredSecrets secrets =
        secrets(
            "a", "${secret.API_KEYY}",
            "b", "${secrets::FAR_AWAY}",
            "c", "${secret.prod/DB#user}",
            "d", "${secret.API_KEY}",
            "replaced", "${secret.REPLACED}",
            "%dev.e", "${secret.OF_DEVELOPERS}",
            "%prod.f", "${absent:${secret.API_KEYYY}}",
            "shell", "${debian_chroot:+($debian_chroot)}\\u@\\h");

    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> secrets.requireAnswers(config));

    assertThat(failure.problems())
        .hasSize(4)
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith("a: Cannot expand the expression of secret 'API_KEYY'")
                    .contains("${secret.API_KEYY:none}")
                    .endsWith("Did you mean 'API_KEY'?"))
        .anySatisfy(each -> assertThat(each).startsWith("b: ").contains("'FAR_AWAY'"))
        .anySatisfy(each -> assertThat(each).startsWith("c: ").contains("user"))
        .anySatisfy(each -> assertThat(each).startsWith("f: ").contains("'API_KEYYY'"));
  }

  /** Agroal itself asks for it at the first connection. */
  @Test
  void theLoginOfADataSourceIsRequiredAndMayComeAfterAnOutage() {
    String property = "quarkus.datasource.credentials-provider";
    ConfiguredSecrets secrets =
        secrets(
            property,
            "prod/DBB",
            property + "-name",
            "secrets",
            "quarkus.datasource.other.credentials-provider",
            "ABSENT",
            "quarkus.datasource.other.credentials-provider-name",
            "custom");
    assertThatThrownBy(() -> secrets.requireAnswers(config))
        .isInstanceOfSatisfying(
            SecretException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .startsWith(property + ": ")
                    .endsWith("Did you mean 'prod/DB'?"));
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ConfiguredSecrets later = secrets(property, "prod/DB", property + "-name", "secrets");
    assertThatCode(() -> later.requireAnswers(config)).doesNotThrowAnyException();
  }

  @Test
  void anOutageIsNotAMissingSecret() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ConfiguredSecrets secrets = secrets("a", "${secret.API_KEY}");
    assertThatThrownBy(() -> secrets.requireAnswers(config))
        .isInstanceOfSatisfying(
            SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secrets.require-placeholders", "secrets.require.placeholders"})
  void aSettingTurnsTheCheckOff(String form) {
    ConfiguredSecrets secrets =
        secrets("a", "${secret.API_KEYY}", form, "false", ConfigSettings.REQUIRE, "false");
    assertThatCode(() -> secrets.requireAnswers(config)).doesNotThrowAnyException();
    assertThat(config.getOptionalValue("a", String.class)).isEmpty();
    assertThat(secrets.provider().get("API_KEY").asString()).isEqualTo("right");
  }

  @Test
  void noValueIsInTheFailure() {
    try (LeakProbe probe = LeakProbe.start()) {
      store.holding("API_KEY", probe.canary("key"));
      ConfiguredSecrets secrets = secrets("a", "${secret.API_KEY}${secret.API_KEYY}");
      assertThatThrownBy(() -> secrets.requireAnswers(config))
          .satisfies(e -> probe.look("failure", e));
      probe.assertClean();
    }
  }
}
