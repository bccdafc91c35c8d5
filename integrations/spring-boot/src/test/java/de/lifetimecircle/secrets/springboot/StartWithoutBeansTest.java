package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;

/** Starts in which the beans of the starter are absent, or are not made. */
final class StartWithoutBeansTest {
  private static final FakeStore STORE = FakeStore.create().holding("KEY", "first");

  /** As a slice such as {@code @WebMvcTest}, which leaves the auto-configuration out. */
  @Configuration(proxyBeanMethods = false)
  static class Slice {
    static final AtomicBoolean WAS_OPEN = new AtomicBoolean();

    @Bean
    AutoCloseable last() {
      return () -> WAS_OPEN.set(!STORE.closed());
    }
  }

  /** An application that a build processes ahead of time; public, because Boot calls its main. */
  public static final class Shop {
    private Shop() {}

    /** Starts the application while the backend is away. */
    public static void main(String[] arguments) {
      FakeStore away = FakeStore.create();
      away.outage(FakeStep.fail(Kind.UNAVAILABLE));
      Applications.start(
          away, IMPORT, "secrets.require=KEY", "secrets.retries=0", "app.key=${secret.KEY}");
    }
  }

  @Test
  void aSliceClosesTheProviderAfterItsBeans() {
    SpringApplication application = new SpringApplication(Slice.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.addInitializers(
        context -> new TestStoreCustomizer(STORE).customizeContext(context, null));
    ConfigurableApplicationContext app = application.run("--" + IMPORT);
    assertThat(app.getEnvironment().getProperty("secret.KEY")).isEqualTo("first");
    assertThat(STORE.closed()).isFalse();

    app.close();

    assertThat(STORE.closed()).isTrue();
    assertThat(Slice.WAS_OPEN).as("while its beans were closed").isTrue();
  }

  /** A logging system or a listener may read a secret before there is a context. */
  @Test
  void aStartThatFailsBeforeItHasAContextClosesTheProvider() {
    FakeStore store = FakeStore.create().holding("KEY", "first");
    SpringApplication application = new SpringApplication(Slice.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.addListeners(
        (ApplicationListener<ApplicationEnvironmentPreparedEvent>)
            event -> {
              ConfigurableEnvironment environment = event.getEnvironment();
              SecretsPropertySource.in(environment).orElseThrow().getSource().use(store);
              assertThat(environment.getProperty("secret.KEY")).isEqualTo("first");
            });
    application.setApplicationContextFactory(
        type -> {
          throw new IllegalStateException("of the factory");
        });

    assertThatThrownBy(() -> application.run("--" + IMPORT))
        .hasStackTraceContaining("of the factory");

    assertThat(store.calls()).isEqualTo(1);
    assertThat(store.closed()).isTrue();
  }

  @Test
  void aBuildThatProcessesTheApplicationNeedsNoBackend(@TempDir Path folder) throws Exception {
    AbstractAotProcessor.Settings settings =
        AbstractAotProcessor.Settings.builder()
            .sourceOutput(folder.resolve("sources"))
            .resourceOutput(folder.resolve("resources"))
            .classOutput(folder.resolve("classes"))
            .groupId("org.example")
            .artifactId("shop")
            .build();

    new SpringApplicationAotProcessor(Shop.class, settings, new String[0]).process();

    assertThat(Files.exists(folder.resolve("sources"))).isTrue();
  }
}
