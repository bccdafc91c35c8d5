package de.lifetimecircle.secrets.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsConfigProviderTest {
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store =
      FakeStore.create()
          .clock(ticker)
          .holding("prod/KAFKA_PW", "first")
          .holding("prod/DB", "{\"username\":\"anna\",\"password\":\"geheim\"}")
          .holding("other/PW", "not yours");
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store)
          .set("overrides", "off")
          .set("validate.prod/KAFKA_PW.min-length", "5")
          .clock(ticker)
          .executor(ticker.workers())
          .build();
  private final SecretsConfigProvider config = new SecretsConfigProvider();

  @AfterEach
  void close() {
    config.close();
    provider.close();
  }

  private void allow(String allow) {
    config.configure(Map.of("allow", allow, ProviderLease.IN_CODE, provider));
  }

  /** As Kafka itself replaces placeholders. */
  private String transformed(String value) {
    return new ConfigTransformer(Map.of("secrets", config))
        .transform(Map.of("key", value))
        .data()
        .get("key");
  }

  @Test
  void replacesPlaceholdersOfKafka() {
    allow("prod/");
    assertThat(transformed("${secrets:prod/KAFKA_PW:value}")).isEqualTo("first");
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("first");
    assertThat(transformed("u=${secrets:prod/DB:username} p=${secrets:prod/DB:password}"))
        .isEqualTo("u=anna p=geheim");
    assertThat(config.get("prod/KAFKA_PW").ttl()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://connect:8083", "connect:8083", "http://[", "127.0.0.1:8083"})
  void aWorkerThatIsNoUrlIsNamedAndLeavesNoProviderOpen(String worker) {
    AtomicInteger closed = new AtomicInteger();
    TestBackendFactory.closing = closed::incrementAndGet;
    Map<String, String> settings =
        Map.of("backend", "memory", "restart-connectors", worker, "prefix", "of-this-test/");
    try {
      assertThatThrownBy(() -> config.configure(settings))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("restart-connectors");
      assertThat(closed).hasValue(1);
    } finally {
      TestBackendFactory.closing = () -> {};
    }
  }

  @Test
  void kafkaFindsItByTheServiceLoader() {
    assertThat(ServiceLoader.load(ConfigProvider.class))
        .anyMatch(SecretsConfigProvider.class::isInstance);
  }

  @Test
  void anEmptyListAllowsNothing() {
    for (String allow : new String[] {"", "  "}) {
      allow(allow);
      assertRefused("${secrets:prod/KAFKA_PW}", "allow does not list it");
    }
    config.configure(Map.of(ProviderLease.IN_CODE, provider));
    assertRefused("${secrets:prod/KAFKA_PW}", "allow does not list it");
    assertThat(store.calls()).isZero();
  }

  private void assertRefused(String placeholder, String why) {
    assertThatThrownBy(() -> transformed(placeholder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(why);
  }

  @Test
  void allowsWholeNamesAndFoldersAndNoMoreThanThese() {
    allow("prod/KAFKA_PW, other/");
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("first");
    assertThat(transformed("${secrets:other/PW}")).isEqualTo("not yours");
    assertRefused("${secrets:prod/KAFKA_PW2}", "allow does not list it");
    assertRefused("${secrets:prod/DB:password}", "allow does not list it");
    allow("*");
    assertThat(transformed("${secrets:prod/DB:password}")).isEqualTo("geheim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod*", ",", "prod/,", "/", "*,,*"})
  void refusesAListThatSaysNothingClear(String allow) {
    assertThatThrownBy(() -> allow(allow))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("(expected: a name, a folder such as prod/, or * for all)");
  }

  @Test
  void aMissingNameOrFieldFailsInsteadOfLeavingThePlaceholder() {
    allow("*");
    assertRefused("${secrets:prod/ABSENT:value}", "prod/ABSENT");
    assertRefused("${secrets:prod/DB:passwort}", "passwort");
  }

  @Test
  void refusesColonsAndBracesInNames() {
    allow("*");
    assertRefused(
        "${secrets:arn:aws:secretsmanager:eu:1:secret:x}",
        "has a ':', which Kafka's placeholders cannot carry");
    assertRefused("${secrets:a{b:value}", "has a '{'");
    assertThatThrownBy(() -> config.get("a}b")).hasMessageContaining("has a '}'");
    assertThat(store.calls()).isZero();
  }

  @Test
  void aTaskThatStartsAfterARotationGetsTheNewVersion() {
    allow("prod/");
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("first");
    store.holding("prod/KAFKA_PW", "second");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("second");
  }

  @Test
  void anOutageAndABrokenRuleServeTheHeldVersion() {
    allow("prod/");
    transformed("${secrets:prod/KAFKA_PW}");
    store.holding("prod/KAFKA_PW", "bad");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("first");
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ticker.advance(Duration.ofSeconds(2));
    assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo("first");
  }

  @Test
  void showsNoPasswordOfAWorker() {
    assertThatThrownBy(
            () ->
                config.configure(
                    Map.of(
                        "restart-connectors",
                        "http://anna:canary 7f3a@127.0.0.1:8083",
                        ProviderLease.IN_CODE,
                        provider)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("restart-connectors: redacted (expected: the URL of a Connect worker)")
        .hasNoCause();
  }

  @Test
  void showsNoValue() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("kafka password");
      store.holding("prod/KAFKA_PW", canary).holding("prod/ARRAY", "[\"" + canary + "\"]");
      allow("prod/");
      assertThat(transformed("${secrets:prod/KAFKA_PW}")).isEqualTo(canary);
      assertThatThrownBy(() -> transformed("${secrets:prod/ARRAY:field}"))
          .satisfies(e -> probe.look("exception", e));
      probe.look("config provider", config);
      probe.assertClean();
    }
  }
}
