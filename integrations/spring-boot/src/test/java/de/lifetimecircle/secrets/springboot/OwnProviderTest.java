package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** An application that defines the {@code SecretProvider} bean itself. */
final class OwnProviderTest {
  /** The library cannot open it, so a start fails that opens a second provider. */
  private static final String NO_SUCH_BACKEND = "secrets.backend=nowhere";

  record Service(SecretHandle key) {}

  static final class Heard {
    final List<String> rotated = new CopyOnWriteArrayList<>();

    @EventListener
    void rotated(SecretRotatedEvent event) {
      rotated.add(event.name());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(SslAutoConfiguration.class)
  static class Own {
    @Bean
    FakeStore ownStore() {
      return FakeStore.create().holding("KEY", "of the bean").holding("OTHER", "of the bean");
    }

    @Bean
    SecretProvider ownProvider(FakeStore ownStore) {
      return SecretProvider.builder().store(ownStore).set("negative-age", "10ms").build();
    }

    @Bean
    Service service(@SecretName("KEY") SecretHandle key) {
      return new Service(key);
    }

    @Bean
    Heard heard() {
      return new Heard();
    }
  }

  @Test
  void everyBeanUsesItAndNoSecondOneIsOpened() {
    try (ConfigurableApplicationContext app =
        Applications.start(Own.class, null, IMPORT, NO_SUCH_BACKEND, "secrets.require=KEY,OTHER")) {
      assertThat(app.getBean(Service.class).key().get().asString()).isEqualTo("of the bean");
      SecretsHealth health = app.getBean(SecretsHealth.class);
      assertThat(health.state().up()).isTrue();
      assertThat(health.state().details()).isEqualTo(Map.of("names", 2));

      FakeStore store = app.getBean(FakeStore.class);
      store.holding("OTHER", "second");
      app.getBean(SecretProvider.class).refresh("OTHER");
      Heard heard = app.getBean(Heard.class);
      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(heard.rotated).containsExactly("OTHER");

      store.losing("KEY");
      app.getBean(SecretProvider.class).invalidate("KEY");
      Applications.await(() -> !health.state().up());
    }
  }

  @Test
  void itReadsTheRequiredSecretsAndTheBundles() {
    assertThatThrownBy(
            () ->
                Applications.start(
                    Own.class, null, IMPORT, NO_SUCH_BACKEND, "secrets.require=KEY,ABSENT"))
        .hasStackTraceContaining("Cannot fetch secret 'ABSENT' (fake)");
    assertThatThrownBy(
            () ->
                Applications.start(
                    Own.class, null, NO_SUCH_BACKEND, "secrets.ssl.web.trust=ABSENT"))
        .hasStackTraceContaining("Cannot fetch secret 'ABSENT' (fake)");
  }

  /** Spring reads properties before it makes beans, so they cannot come from a bean. */
  @Test
  void propertiesAreReadWithTheSettings() {
    FakeStore ofTheSettings = FakeStore.create().holding("KEY", "of the settings");
    try (ConfigurableApplicationContext app =
        Applications.start(Own.class, ofTheSettings, IMPORT, "secrets.negative-age=10ms")) {
      assertThat(app.getEnvironment().getProperty("secret.KEY")).isEqualTo("of the settings");
      assertThat(app.getBean(Service.class).key().get().asString()).isEqualTo("of the bean");
      Heard heard = app.getBean(Heard.class);
      SecretsHealth health = app.getBean(SecretsHealth.class);
      assertThat(health.state().details()).isEqualTo(Map.of("names", 1));

      ofTheSettings.holding("KEY", "second").holding("ONLY HERE", "x");
      app.getBean(PropertyReads.class).provider().refresh("KEY");
      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(app.getEnvironment().getProperty("secret.KEY")).isEqualTo("second");

      assertThat(app.getEnvironment().getProperty("secret.ONLY HERE")).isEqualTo("x");
      assertThat(health.state().details()).isEqualTo(Map.of("names", 2));
      ofTheSettings.losing("ONLY HERE");
      app.getBean(PropertyReads.class).provider().invalidate("ONLY HERE");
      Applications.await(() -> health.state().details().containsKey("unreadable"));
    }
    assertThat(ofTheSettings.closed()).isTrue();
  }

  /** One that a library shares among applications, as a static field. */
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({SslAutoConfiguration.class, SecretsDataSourceAutoConfiguration.class})
  static class Outliving {
    static final SecretProvider PROVIDER =
        SecretProvider.builder()
            .store(
                FakeStore.create()
                    .holding("DATABASE", "postgresql://me:pw@127.0.0.1:1/db")
                    .holding("KEY", "first"))
            .build();

    @Bean(destroyMethod = "")
    SecretProvider outliving() {
      return PROVIDER;
    }
  }

  @Test
  void aProviderThatOutlivesTheContextKeepsNothingOfIt() {
    ConfigurableApplicationContext app =
        Applications.start(
            Outliving.class,
            null,
            IMPORT,
            NO_SUCH_BACKEND,
            "secrets.require=KEY",
            "secrets.datasource.secret=DATABASE",
            "secrets.datasource.evict-after-rotation=true");
    WeakReference<Object> pool = new WeakReference<>(app.getBean(HikariDataSource.class));
    WeakReference<Object> context = new WeakReference<>(app);
    app.close();
    app = null;
    Applications.await(
        () -> {
          System.gc();
          return pool.refersTo(null) && context.refersTo(null);
        });
    assertThat(Outliving.PROVIDER.get("KEY").asString()).isEqualTo("first");
  }

  @Test
  void mistypedSettingsOfTheStarterAreReported() {
    assertThatThrownBy(() -> Applications.start(Own.class, null, IMPORT, "secrets.required=KEY"))
        .hasStackTraceContaining("did you mean 'secrets.require'?");
  }
}
