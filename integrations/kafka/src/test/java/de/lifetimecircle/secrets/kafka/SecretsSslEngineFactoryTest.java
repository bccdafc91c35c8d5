package de.lifetimecircle.secrets.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsSslEngineFactoryTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create();

  private final TestAuthority.Identity first = AUTHORITY.issue("EC", "first");
  private final TestAuthority.Identity second = AUTHORITY.issue("EC", "second");
  private final FakeStore store =
      FakeStore.create()
          .holding("CERT", first.certificatePem())
          .holding("KEY", first.keyPem())
          .holding("BOTH", first.certificatePem() + first.keyPem())
          .holding("CA", AUTHORITY.rootPem());
  private final SecretProvider provider =
      SecretProvider.builder().store(store).set("overrides", "off").build();
  private final SecretsSslEngineFactory factory = new SecretsSslEngineFactory();

  @AfterEach
  void close() {
    factory.close();
    provider.close();
  }

  private void configure(String... keysAndNames) {
    configure(provider, keysAndNames);
  }

  private void configure(SecretProvider reader, String... keysAndNames) {
    ConfigDef definitions = new ConfigDef();
    SslConfigs.addClientSslSupport(definitions);
    Map<String, Object> configs = new HashMap<>(definitions.parse(Map.of()));
    configs.put(ProviderLease.IN_CODE, reader);
    for (int i = 0; i < keysAndNames.length; i += 2) {
      configs.put(keysAndNames[i], keysAndNames[i + 1]);
    }
    factory.configure(configs);
  }

  private Certificate served() throws Exception {
    var keys = factory.keystore();
    return keys.getCertificate(keys.aliases().nextElement());
  }

  @Test
  void newConnectionsUseTheNewVersion() throws Exception {
    configure(SecretsSslEngineFactory.CERTIFICATE, "BOTH", SecretsSslEngineFactory.TRUST, "CA");
    SSLEngine before = factory.createClientSslEngine("localhost", 1, "https");
    assertThat(before.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("https");
    assertThat(served()).isEqualTo(first.certificate());
    store.holding("BOTH", second.certificatePem() + second.keyPem());
    provider.refresh("BOTH");
    factory.createClientSslEngine("localhost", 1, "https");
    assertThat(served()).isEqualTo(second.certificate());
    assertThat(factory.truststore().size()).isEqualTo(1);
  }

  /** Certificate and key of one secret are of one version, whenever it rotates. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aRotationDuringTheReadsMakesNoUnequalPair(int reads) throws Exception {
    SecretProvider rotating =
        afterReads(
            reads,
            () -> {
              store.holding("BOTH", second.certificatePem() + second.keyPem());
              provider.refresh("BOTH");
            });
    configure(
        rotating, SecretsSslEngineFactory.CERTIFICATE, "BOTH", SecretsSslEngineFactory.TRUST, "CA");
    factory.createClientSslEngine("localhost", 1, "https");
    factory.createClientSslEngine("localhost", 1, "https");
    assertThat(served()).isEqualTo(second.certificate());
  }

  /** A provider that does something after so many reads by its handles. */
  private SecretProvider afterReads(int reads, Runnable then) {
    AtomicInteger count = new AtomicInteger();
    return around(
        SecretProvider.class,
        provider,
        (called, answer) ->
            called.equals("handle")
                ? around(
                    SecretHandle.class,
                    (SecretHandle) answer,
                    (method, read) -> {
                      if (method.equals("get") && count.incrementAndGet() == reads) {
                        then.run();
                      }
                      return read;
                    })
                : answer);
  }

  private static <T> T around(Class<T> type, T inner, BinaryOperator<Object> answered) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                answered.apply(method.getName(), method.invoke(inner, arguments))));
  }

  @Test
  void keepsTheOldPairUntilKeyAndCertificateFit() throws Exception {
    configure(SecretsSslEngineFactory.CERTIFICATE, "CERT", SecretsSslEngineFactory.KEY, "KEY");
    store.holding("CERT", second.certificatePem());
    provider.refresh("CERT");
    assertThat(served()).isEqualTo(first.certificate());
    assertThat(factory.createServerSslEngine("localhost", 1).getUseClientMode()).isFalse();
    store.holding("KEY", second.keyPem());
    provider.refresh("KEY");
    assertThat(served()).isEqualTo(second.certificate());
  }

  @Test
  void theOldVersionStaysIfTheNewOneCannotBeRead() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("private key");
      configure(SecretsSslEngineFactory.CERTIFICATE, "BOTH");
      for (String broken :
          new String[] {
            canary,
            second.certificatePem(),
            second.certificatePem()
                + "-----BEGIN PRIVATE KEY"
                + "-----\n"
                + canary
                + "\n-----END PRIVATE KEY-----\n"
          }) {
        store.holding("BOTH", broken);
        provider.refresh("BOTH");
        assertThat(served()).isEqualTo(first.certificate());
      }
      SecretsSslEngineFactory another = new SecretsSslEngineFactory();
      assertThatThrownBy(
              () ->
                  another.configure(
                      Map.of(
                          ProviderLease.IN_CODE,
                          provider,
                          SecretsSslEngineFactory.CERTIFICATE,
                          "BOTH")))
          .satisfies(e -> probe.look("exception", e));
      probe.assertClean();
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> configure())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("secrets.ssl.certificate, or secrets.ssl.trust");
    assertThatThrownBy(() -> configure(SecretsSslEngineFactory.KEY, "KEY"))
        .isInstanceOf(ConfigException.class);
  }
}
