package de.lifetimecircle.secrets.quarkus;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.microprofile.ConfiguredSecrets;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes the application's secrets injectable: {@code @Inject SecretProvider}. They are those of
 * {@code ${secrets::NAME}}, with the settings {@code secrets.*} of the application, and close when
 * it ends.
 */
@Singleton
public final class SecretsBeans {
  /** For Quarkus. */
  public SecretsBeans() {}

  @Produces
  @Singleton
  ConfiguredSecrets secrets() {
    return ConfiguredSecrets.of(ConfigProvider.getConfig());
  }

  @Produces
  @Singleton
  SecretProvider provider(ConfiguredSecrets secrets) {
    return secrets.provider();
  }

  /** The first of its kind, before the application listens. */
  void require(@Observes @Priority(1) StartupEvent start, ConfiguredSecrets secrets) {
    secrets.requireAnswers(ConfigProvider.getConfig());
  }

  /** The last of its kind: an observer of the application may still need a secret. */
  void close(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent end, ConfiguredSecrets secrets) {
    secrets.close();
  }
}
