package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.ConfigurableEnvironment;

final class SecretBeansTest {
  private final FakeStore store =
      FakeStore.create().holding("KEY", "first").holding("OTHER", "of other");

  record Service(SecretHandle key) {}

  @Configuration(proxyBeanMethods = false)
  static class OneHandle {
    @Bean
    Service service(@SecretName("KEY") SecretHandle key) {
      return new Service(key);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class HandleOfNothing {
    @Bean
    Service service(SecretHandle key) {
      return new Service(key);
    }
  }

  /** What the application heard. */
  static final class Heard {
    final List<String> rotated = new CopyOnWriteArrayList<>();
    final List<Set<String>> changed = new CopyOnWriteArrayList<>();

    @EventListener
    void rotated(SecretRotatedEvent event) {
      rotated.add(event.name());
    }

    @EventListener
    void changed(EnvironmentChangeEvent event) {
      changed.add(event.getKeys());
    }
  }

  @ConfigurationProperties("app")
  static final class AppProperties {
    private String password = "";

    public String getPassword() {
      return password;
    }

    public void setPassword(String password) {
      this.password = password;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(AppProperties.class)
  @ImportAutoConfiguration(ConfigurationPropertiesRebinderAutoConfiguration.class)
  static class Listening {
    @Bean
    Heard heard() {
      return new Heard();
    }
  }

  @Test
  void aHandleIsInjectedByNameAndClosedWithTheContext() {
    ConfigurableApplicationContext app = Applications.start(OneHandle.class, store, IMPORT);
    SecretHandle key = app.getBean(Service.class).key();
    assertThat(key.name()).isEqualTo("KEY");
    assertThat(key.get().asString()).isEqualTo("first");

    app.close();

    assertThatThrownBy(key::get)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CLOSED));
    assertThat(store.closed()).isTrue();
  }

  @Test
  void aHandleWithoutANameSaysWhatToAdd() {
    assertThatThrownBy(() -> Applications.start(HandleOfNothing.class, store, IMPORT))
        .hasStackTraceContaining("Add @SecretName(\"NAME\")");
  }

  @Configuration(proxyBeanMethods = false)
  static class HandleForEachRequest {
    @Bean
    @Scope("prototype")
    Service service(@SecretName("KEY") SecretHandle key) {
      return new Service(key);
    }
  }

  /** Such as a bean of a web request. */
  @Test
  void aHandleIsHeldNoLongerThanItsBean() {
    try (ConfigurableApplicationContext app =
        Applications.start(HandleForEachRequest.class, store, IMPORT)) {
      WeakReference<SecretHandle> handle = new WeakReference<>(app.getBean(Service.class).key());
      Applications.await(
          () -> {
            System.gc();
            return handle.refersTo(null);
          });
    }
  }

  @Test
  void theProviderIsABeanWithoutAnImportToo() {
    try (ConfigurableApplicationContext app = Applications.start(OneHandle.class, store)) {
      assertThat(app.getBean(SecretProvider.class).get("KEY").asString()).isEqualTo("first");
    }
  }

  @Test
  void aRotationPublishesTheExactProperties() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            Listening.class,
            store,
            IMPORT,
            "app.password=${indirect}",
            "indirect=x-${none:${secret.KEY}}",
            "app.other=${secret.OTHER}",
            "unread=${secret.UNREAD:none}",
            "plain=text")) {
      AppProperties properties = app.getBean(AppProperties.class);
      assertThat(properties.getPassword()).isEqualTo("x-first");
      assertThat(app.getEnvironment().getProperty("app.other")).isEqualTo("of other");
      Heard heard = app.getBean(Heard.class);
      int calls = store.calls();

      store.holding("KEY", "second");
      app.getBean(SecretProvider.class).refresh("KEY");

      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(heard.rotated).containsExactly("KEY");
      assertThat(heard.changed).containsExactly(Set.of("app.password", "indirect", "secret.KEY"));
      assertThat(properties.getPassword()).as("bound again").isEqualTo("x-second");
      assertThat(store.calls()).as("one refresh, and no other call").isEqualTo(calls + 1);
    }
  }

  /** As a bean whose new value Spring Cloud cannot bind. */
  @Configuration(proxyBeanMethods = false)
  @org.springframework.context.annotation.Import(Listening.class)
  static class Rejecting {
    @Bean
    ApplicationListener<EnvironmentChangeEvent> rejecting() {
      return event -> {
        throw new IllegalStateException("of a bean that is bound again");
      };
    }
  }

  @Test
  void aBeanThatCannotBeBoundAgainKeepsNobodyFromTheRotation() {
    try (ConfigurableApplicationContext app =
        Applications.start(Rejecting.class, store, IMPORT, "app.password=${secret.KEY}")) {
      Heard heard = app.getBean(Heard.class);

      store.holding("KEY", "second");
      app.getBean(SecretProvider.class).refresh("KEY");

      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(heard.rotated).containsExactly("KEY");
    }
  }

  /** Rotates a secret that was read, before the first bean is there to hear of it. */
  @Configuration(proxyBeanMethods = false)
  static class RotatedEarly {
    @Bean
    static BeanFactoryPostProcessor early(ConfigurableEnvironment environment) {
      return beans -> {
        SecretProvider provider =
            SecretsPropertySource.in(environment).orElseThrow().getSource().provider();
        assertThat(environment.getProperty("secret.KEY")).isEqualTo("first");
        AtomicBoolean delivered = new AtomicBoolean();
        provider.onChange("KEY", event -> delivered.set(true));
        EARLY.holding("KEY", "second");
        provider.refresh("KEY");
        Applications.await(delivered::get);
      };
    }
  }

  private static final FakeStore EARLY = FakeStore.create().holding("KEY", "first");

  @Configuration(proxyBeanMethods = false)
  @org.springframework.context.annotation.Import({RotatedEarly.class, Listening.class})
  static class EarlyAndListening {}

  @Test
  void aRotationBeforeTheFirstBeanIsPublishedOnce() {
    try (ConfigurableApplicationContext app =
        Applications.start(EarlyAndListening.class, EARLY, IMPORT)) {
      Heard heard = app.getBean(Heard.class);
      Applications.await(() -> !heard.rotated.isEmpty());

      EARLY.holding("KEY", "third");
      app.getBean(SecretProvider.class).refresh("KEY");
      Applications.await(() -> heard.rotated.size() > 1);
      assertThat(heard.rotated).containsExactly("KEY", "KEY");
    }
  }

  @Test
  void aNameThatOnlyAHandleReadsIsPublishedToo() {
    try (ConfigurableApplicationContext app = Applications.start(AllOfThem.class, store, IMPORT)) {
      app.getBean(Service.class).key().get();
      Heard heard = app.getBean(Heard.class);

      store.holding("KEY", "second");
      app.getBean(SecretProvider.class).refresh("KEY");

      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(heard.changed).isEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @org.springframework.context.annotation.Import({OneHandle.class, Listening.class})
  static class AllOfThem {}

  @Test
  void anEventAfterTheCloseIsDropped() {
    ConfigurableApplicationContext app = Applications.start(Listening.class, store, IMPORT);
    app.getEnvironment().getProperty("secret.KEY");
    Heard heard = app.getBean(Heard.class);
    SecretProvider provider = app.getBean(SecretProvider.class);

    app.close();

    assertThatThrownBy(() -> provider.refresh("KEY")).isInstanceOf(SecretException.class);
    assertThat(heard.rotated).isEmpty();
  }
}
