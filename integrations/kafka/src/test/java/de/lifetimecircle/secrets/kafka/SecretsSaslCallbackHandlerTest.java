package de.lifetimecircle.secrets.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.LanguageCallback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real SCRAM of Kafka on both sides; time moves only when a test says so. */
final class SecretsSaslCallbackHandlerTest {
  private static final String NAME = "prod/KAFKA_PW";

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(NAME, "first");
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store.secondClient())
          .set("overrides", "off")
          .set("retries", "0")
          .set("validate." + NAME + ".min-length", "5")
          .clock(ticker)
          .executor(ticker.workers())
          .build();
  private final SecretWriter writer =
      SecretProvider.builder().store(store.secondClient()).clock(ticker).buildWriter();
  private final ScramBroker broker = new ScramBroker("shop", "first");
  private final SecretsSaslCallbackHandler handler = new SecretsSaslCallbackHandler();

  @AfterEach
  void close() {
    handler.close();
    provider.close();
    writer.close();
  }

  private void configure(Map<String, String> options) {
    handler.configure(
        Map.of(ProviderLease.IN_CODE, provider), ScramBroker.MECHANISM, ScramBroker.jaas(options));
  }

  private void configure() {
    configure(Map.of("username", "shop", "secret", NAME));
  }

  private String putPending(String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      return writer.putPending(NAME, value).version();
    }
  }

  private void put(String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(NAME, value);
    }
  }

  @Test
  void noLoginIsRefusedInFiveRotationsBetweenAnyTwoSteps() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    for (int i = 1; i <= 5; i++) {
      String pending = putPending("next" + i);
      assertThat(broker.accepts(handler)).as("pending " + i).isTrue();
      broker.password("next" + i);
      assertThat(broker.accepts(handler)).as("applied " + i).isTrue();
      assertThat(broker.accepts(handler)).as("applied, again " + i).isTrue();
      writer.promote(NAME, pending);
      assertThat(broker.accepts(handler)).as("promoted " + i).isTrue();
      ticker.advance(Duration.ofSeconds(40));
    }
    assertThat(broker.refused).isZero();
  }

  /** The cache still has the old version, which nobody would have fetched again for 5 minutes. */
  @Test
  void aVersionThatWasPromotedMeanwhileIsFoundBeforeItsPasswordIsProved() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    ticker.advance(Duration.ofSeconds(10));
    put("second");
    broker.password("second");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(broker.accepts(handler)).isTrue();
    assertThat(broker.refused).isZero();
  }

  @Test
  void aBrokerThatStillHasTheOldPasswordAcceptsThePreviousVersion() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    put("second");
    ticker.advance(Duration.ofMinutes(6));
    assertThat(provider.get(NAME).asString()).isEqualTo("second");
    assertThat(broker.accepts(handler)).isTrue();
    assertThat(broker.refused).isZero();
  }

  @Test
  void aPendingVersionThatIsNotAppliedIsNotUsed() throws Exception {
    configure();
    putPending("second");
    assertThat(broker.accepts(handler)).isTrue();
    assertThat(broker.refused).isZero();
  }

  /** The salt is new, the password is not: one refused login if there is a pending version. */
  @Test
  void thePasswordSetOnceMoreCostsNoMoreThanOneRefusedLogin() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    broker.password("first");
    assertThat(broker.accepts(handler)).isTrue();
    putPending("second");
    broker.password("first");
    ticker.advance(Duration.ofSeconds(2));
    broker.accepts(handler);
    assertThat(broker.accepts(handler)).isTrue();
    assertThat(broker.refused).isLessThanOrEqualTo(1);
  }

  @Test
  void aClientThatStartsInTheMiddleOfARotationComesInAtTheSecondTry() throws Exception {
    configure();
    putPending("second");
    broker.password("second");
    assertThat(broker.accepts(handler)).isFalse();
    assertThat(broker.accepts(handler)).isTrue();
  }

  @Test
  void anOutageOfTheBackendRefusesNoLogin() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    ticker.advance(Duration.ofMinutes(6));
    assertThat(broker.accepts(handler)).isTrue();
    broker.password("second");
    assertThat(broker.accepts(handler)).isFalse();
    store.recover();
    put("second");
    ticker.advance(Duration.ofMinutes(1));
    assertThat(broker.accepts(handler)).isTrue();
  }

  @Test
  void aVersionThatBreaksARuleRefusesNoLogin() throws Exception {
    configure();
    assertThat(broker.accepts(handler)).isTrue();
    put("bad");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(broker.accepts(handler)).isTrue();
    put("second");
    broker.password("second");
    ticker.advance(Duration.ofMinutes(1));
    assertThat(broker.accepts(handler)).isTrue();
    assertThat(broker.refused).isZero();
  }

  @Test
  void userAndPasswordOfOneObjectAreOfOneVersion() throws Exception {
    put("{\"username\":\"shop\",\"password\":\"first\"}");
    configure(Map.of("secret", NAME));
    assertThat(broker.accepts(handler)).isTrue();
    put("{\"username\":\"shop\",\"password\":\"second\"}");
    broker.password("second");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(broker.accepts(handler)).isTrue();
  }

  @Test
  void plainAlsoLogsInWithARecentVersion() throws Exception {
    configure(Map.of("username", "shop", "secret", NAME));
    NameCallback name = new NameCallback("user");
    PasswordCallback password = new PasswordCallback("password", false);
    handler.handle(new Callback[] {name, password});
    assertThat(name.getName() + "/" + new String(password.getPassword())).isEqualTo("shop/first");
    put("second");
    ticker.advance(Duration.ofSeconds(2));
    handler.handle(new Callback[] {name, password});
    assertThat(new String(password.getPassword())).isEqualTo("second");
    assertThatThrownBy(() -> handler.handle(new Callback[] {new LanguageCallback()}))
        .isInstanceOf(UnsupportedCallbackException.class);
  }

  @Test
  void loginsOfOthersAreLeftToKafka() throws Exception {
    configure();
    String[] one = {ScramBroker.MECHANISM};
    SaslClient others =
        Sasl.createSaslClient(one, null, "kafka", "localhost", Map.of(), callbacks -> {});
    assertThat(others).isNotInstanceOf(SaltAwareClient.class);
  }

  private static long factoriesOfOurs() {
    return Arrays.stream(Security.getProviders())
        .filter(each -> each.getName().startsWith("secrets-kafka-"))
        .count();
  }

  /** Or else the JDK would keep the class loader of a plug-in that Connect has unloaded. */
  @Test
  void theJdkHasTheFactoryWhileAHandlerIsOpen() throws Exception {
    assertThat(factoriesOfOurs()).isZero();
    configure();
    SecretsSaslCallbackHandler other = new SecretsSaslCallbackHandler();
    other.configure(
        Map.of(ProviderLease.IN_CODE, provider),
        ScramBroker.MECHANISM,
        ScramBroker.jaas(Map.of("username", "shop", "secret", NAME)));
    assertThat(factoriesOfOurs()).isOne();
    other.close();
    other.close();
    assertThat(factoriesOfOurs()).isOne();
    assertThat(broker.accepts(handler)).isTrue();
    handler.close();
    assertThat(factoriesOfOurs()).isZero();
  }

  @Test
  void saysWhatIsWrongWithTheOptions() {
    assertThatThrownBy(() -> configure(Map.of("username", "shop")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no option secret");
    assertThatThrownBy(() -> configure(Map.of("secret", NAME, "password", "x")))
        .hasMessageContaining("Remove the password");
    assertThatThrownBy(() -> ProviderLease.of(Map.of(ProviderLease.IN_CODE, "gpg")))
        .hasMessageContaining("(expected: a SecretProvider)");
  }

  @Test
  void aLoginThatIsNotThereFailsTheClientAndAnOutageDoesNot() {
    assertThatThrownBy(() -> configure(Map.of("username", "shop", "secret", NAME + "_")))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("'" + NAME + "_'");
    assertThatThrownBy(() -> configure(Map.of("username", "shop", "secret", NAME + "#absent")))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("absent");
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    assertThatCode(this::configure).doesNotThrowAnyException();
  }

  @Test
  void showsNoValue() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("kafka password");
      put(canary);
      broker.password(canary);
      configure();
      assertThat(broker.accepts(handler)).isTrue();
      broker.password("another");
      assertThat(broker.accepts(handler)).isFalse();
      probe.look("handler", handler);
      probe.assertClean();
    }
  }
}
