package de.lifetimecircle.secrets.quarkus;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.microprofile.ConfiguredSecrets;
import io.quarkus.arc.Unremovable;
import io.quarkus.credentials.CredentialsProvider;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

/**
 * Gives Agroal and the reactive clients of Quarkus the current login each time they open a
 * connection.
 *
 * <pre>{@code
 * quarkus.datasource.credentials-provider=prod/DATABASE
 * quarkus.datasource.credentials-provider-name=secrets
 * }</pre>
 *
 * <p>The secret is a JSON object with {@code username} and {@code password}, a URL such as {@code
 * postgresql://USER:PASSWORD@HOST/DATABASE}, or the bare password. The answer is at most a second
 * old where the backend answers, else the held one.
 *
 * <p>Quarkus does not say whether the database accepted a login, so a rotation of one user refuses
 * new connections from the change in the database to the promotion of the secret. Let two users
 * take turns, or use {@code secrets-jdbc}.
 *
 * <p>Safe for use by several threads. Only {@link #getCredentials} blocks.
 */
@Singleton
@Unremovable
@Named("secrets")
public final class SecretsCredentialsProvider implements CredentialsProvider {
  private static final Duration RECENT = Duration.ofSeconds(1);

  private final ConfiguredSecrets secrets;

  /** For Quarkus. */
  @Inject
  public SecretsCredentialsProvider(ConfiguredSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public Map<String, String> getCredentials(String name) {
    return DatabaseCredentials.of(recent(name));
  }

  @Override
  public Uni<Map<String, String>> getCredentialsAsync(String name) {
    return Uni.createFrom()
        .item(() -> getCredentials(name))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private Secret recent(String name) {
    SecretProvider provider = secrets.provider();
    try {
      return provider.get(name, RECENT);
    } catch (SecretException e) {
      return provider.get(name); // held, or it fails with the same reason
    }
  }
}
