package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.text.MessageFormat;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

final class PemBundlesTest {
  private static final Logger LOGGER = Logger.getLogger(PemBundles.class.getPackageName());
  private static final TestAuthority AUTHORITY = TestAuthority.create();

  private final TestAuthority.Identity first = AUTHORITY.issue("EC", "first");
  private final TestAuthority.Identity second = AUTHORITY.issue("EC", "second");
  private final FakeStore store =
      FakeStore.create()
          .holding("CERT", first.certificatePem())
          .holding("KEY", first.keyPem())
          .holding("BOTH", first.certificatePem() + first.keyPem())
          .holding("CA", AUTHORITY.rootPem());

  private PropertyReads reads() {
    PropertyReads reads = new PropertyReads(PropertyReads.OnOutage.FAIL);
    reads.bind(new StandardEnvironment());
    reads.use(store);
    return reads;
  }

  private static Certificate shown(SslBundle bundle) throws Exception {
    KeyStore keys = bundle.getStores().getKeyStore();
    return keys.getCertificate(keys.aliases().nextElement());
  }

  @Test
  void aBundleFollowsItsSecretsOnceBothFit() throws Exception {
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty("secrets.ssl.web.certificate", "CERT")
            .withProperty("secrets.ssl.web.private-key", "KEY")
            .withProperty("secrets.ssl.web.trust", "CA");
    DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    try (PropertyReads reads = reads()) {
      new PemBundles(reads::provider, reads, environment).registerBundles(registry);
      List<SslBundle> updates = new CopyOnWriteArrayList<>();
      registry.addBundleUpdateHandler("web", updates::add);
      assertThat(shown(registry.getBundle("web"))).isEqualTo(first.certificate());
      assertThat(registry.getBundle("web").getStores().getTrustStore().size()).isEqualTo(1);

      List<String> rotated = new CopyOnWriteArrayList<>();
      reads.onRotation(event -> rotated.add(event.name()));
      store.holding("CERT", second.certificatePem());
      reads.provider().refresh("CERT");
      Applications.await(() -> rotated.contains("CERT"));
      assertThat(updates).as("the key still belongs to the old certificate").isEmpty();

      store.holding("KEY", second.keyPem());
      reads.provider().refresh("KEY");
      Applications.await(() -> !updates.isEmpty());
      assertThat(shown(registry.getBundle("web"))).isEqualTo(second.certificate());
    }
  }

  /** The first read has the version from before, and the rotation must still reach the bundle. */
  @ParameterizedTest
  @ValueSource(strings = {"BOTH", "CA"})
  void aRotationDuringTheFirstReadIsNotMissed(String rotated) throws Exception {
    TestAuthority.Identity expected = rotated.equals("CA") ? first : second;
    String other = TestAuthority.create().rootPem();
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty("secrets.ssl.web.certificate", "BOTH")
            .withProperty("secrets.ssl.web.trust", "CA");
    DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    try (PropertyReads reads = reads()) {
      SecretProvider rotating =
          afterTheFirstRead(
              reads.provider(),
              rotated,
              () -> {
                store.holding(
                    rotated,
                    rotated.equals("CA")
                        ? AUTHORITY.rootPem() + other
                        : second.certificatePem() + second.keyPem());
                reads.provider().refresh(rotated);
              });
      new PemBundles(() -> rotating, reads, environment).registerBundles(registry);
      int trusted = rotated.equals("CA") ? 2 : 1;
      Applications.await(
          () ->
              isShown(registry.getBundle("web"), expected.certificate())
                  && trusted(registry.getBundle("web")) == trusted);
    }
  }

  /** A provider that does something as soon as that name was read for the first time. */
  private static SecretProvider afterTheFirstRead(
      SecretProvider provider, String name, Runnable then) {
    AtomicBoolean isRead = new AtomicBoolean();
    return (SecretProvider)
        Proxy.newProxyInstance(
            SecretProvider.class.getClassLoader(),
            new Class<?>[] {SecretProvider.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(provider, arguments);
              if (method.getName().equals("get")
                  && arguments[0].equals(name)
                  && isRead.compareAndSet(false, true)) {
                then.run();
              }
              return answer;
            });
  }

  private static boolean isShown(SslBundle bundle, Certificate certificate) {
    try {
      return shown(bundle).equals(certificate);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static int trusted(SslBundle bundle) {
    try {
      return bundle.getStores().getTrustStore().size();
    } catch (KeyStoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneSecretMayHoldBothAndABrokenOneChangesNothing() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      probe.watch("private key", Base64.getEncoder().encodeToString(first.key().getEncoded()));
      MockEnvironment environment =
          new MockEnvironment().withProperty("secrets.ssl.web.certificate", "BOTH");
      DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
      try (PropertyReads reads = reads()) {
        new PemBundles(reads::provider, reads, environment).registerBundles(registry);
        List<String> rotated = new CopyOnWriteArrayList<>();
        reads.onRotation(event -> rotated.add(event.name()));

        store.holding("BOTH", "-----BEGIN CERTIFICATE-----\nbroken");
        reads.provider().refresh("BOTH");

        Applications.await(() -> rotated.contains("BOTH"));
        assertThat(shown(registry.getBundle("web"))).isEqualTo(first.certificate());
        probe.look("bundle", registry.getBundle("web").toString());
      }
      probe.assertClean();
    }
  }

  @Test
  void aBundleThatCannotBeMadeFailsTheStart() {
    DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    store.holding("KEY", second.keyPem());
    try (PropertyReads reads = reads()) {
      assertThatThrownBy(
              () ->
                  new PemBundles(
                          reads::provider,
                          reads,
                          new MockEnvironment()
                              .withProperty("secrets.ssl.web.certificate", "CERT")
                              .withProperty("secrets.ssl.web.private-key", "KEY"))
                      .registerBundles(registry))
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_VALUE))
          .hasMessageContaining("does not belong to the certificate");
      assertThatThrownBy(
              () ->
                  new PemBundles(
                          reads::provider,
                          reads,
                          new MockEnvironment().withProperty("secrets.ssl.web.trust", "ABSENT"))
                      .registerBundles(registry))
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }
  }

  /** Whoever can write the secret would otherwise choose what the service opens. */
  @ParameterizedTest
  @ValueSource(strings = {"certificate", "private-key", "trust"})
  void aSecretThatIsALocationIsNotOpened(String key, @TempDir Path folder) throws Exception {
    try (LeakProbe probe = LeakProbe.start();
        PropertyReads reads = reads()) {
      // The folder's name is like those in the arguments of programs that other tests start.
      Path file = folder.resolve(probe.canary("location") + ".pem");
      Files.writeString(file, first.certificatePem() + first.keyPem());
      String location = file.toUri().toString();
      store.holding("LOCATION", location);
      MockEnvironment environment =
          new MockEnvironment()
              .withProperty("secrets.ssl.web.certificate", "BOTH")
              .withProperty("secrets.ssl.web." + key, "LOCATION");
      Throwable thrown =
          catchThrowable(
              () ->
                  new PemBundles(reads::provider, reads, environment)
                      .registerBundles(new DefaultSslBundleRegistry()));
      assertThat(thrown)
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_VALUE))
          .hasMessageContaining("secret 'LOCATION' has no BEGIN or no END of a PEM");
      probe.look("failure", thrown);
      probe.assertClean();
    }
  }

  @Test
  void aHandlerThatFailsKeepsNoOtherBundleFromItsUpdate() throws Exception {
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty("secrets.ssl.admin.certificate", "BOTH")
            .withProperty("secrets.ssl.web.certificate", "BOTH");
    DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    List<String> logged = new CopyOnWriteArrayList<>();
    Filter logs =
        record -> {
          logged.add(
              new MessageFormat(record.getMessage(), Locale.ROOT).format(record.getParameters()));
          return true;
        };
    LOGGER.setFilter(logs);
    try (PropertyReads reads = reads()) {
      new PemBundles(reads::provider, reads, environment).registerBundles(registry);
      List<SslBundle> updates = new CopyOnWriteArrayList<>();
      registry.addBundleUpdateHandler(
          "admin",
          bundle -> {
            throw new IllegalStateException("of a server");
          });
      registry.addBundleUpdateHandler("web", updates::add);

      store.holding("BOTH", second.certificatePem() + second.keyPem());
      reads.provider().refresh("BOTH");

      Applications.await(() -> !updates.isEmpty());
      assertThat(shown(registry.getBundle("web"))).isEqualTo(second.certificate());
      assertThat(logged).singleElement().asString().contains("SSL bundle 'admin'");
    } finally {
      LOGGER.setFilter(null);
    }
  }
}
