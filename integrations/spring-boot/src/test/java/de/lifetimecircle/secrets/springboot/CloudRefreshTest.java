package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.RefreshProperties;
import org.springframework.cloud.context.config.ContextRefreshedWithApplicationEvent;
import org.springframework.cloud.context.refresh.ConfigDataContextRefresher;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/** Somebody else refreshes the context, such as {@code /actuator/refresh}. */
final class CloudRefreshTest {
  private final FakeStore store = FakeStore.create().holding("KEY", "first");

  @Test
  void theOpenProviderStaysInPlace() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            SecretBeansTest.Listening.class, store, IMPORT, "app.password=${secret.KEY}")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      PropertyReads reads = app.getBean(PropertyReads.class);
      SecretsPropertySource before = SecretsPropertySource.in(environment).orElseThrow();
      assertThat(before.getSource()).isSameAs(reads);
      ConfigDataContextRefresher refresher =
          new ConfigDataContextRefresher(app, new RefreshScope(), new RefreshProperties());
      refresher.onApplicationEvent(
          new ContextRefreshedWithApplicationEvent(new SpringApplication(), new String[0], app));

      for (int i = 0; i < 2; i++) {
        refresher.refreshEnvironment();

        SecretsPropertySource after = SecretsPropertySource.in(environment).orElseThrow();
        assertThat(after).as("the refresh replaced the source").isNotSameAs(before);
        assertThat(after.getSource()).isSameAs(reads);
        assertThat(environment.getProperty("app.password")).isEqualTo("first");
      }

      SecretBeansTest.Heard heard = app.getBean(SecretBeansTest.Heard.class);
      store.holding("KEY", "second");
      app.getBean(SecretProvider.class).refresh("KEY");
      Applications.await(() -> !heard.rotated.isEmpty());
      assertThat(heard.rotated).as("once").containsExactly("KEY");
      assertThat(environment.getProperty("app.password")).isEqualTo("second");
    }
  }
}
