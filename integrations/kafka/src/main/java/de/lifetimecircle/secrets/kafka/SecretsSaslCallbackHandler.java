package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.jspecify.annotations.Nullable;

/**
 * Logs a client of Kafka in with the valid version of a secret, each time it connects or
 * authenticates again, by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
 *
 * <pre>{@code
 * sasl.client.callback.handler.class=de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler
 * sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
 *   username="shop" secret="prod/KAFKA_PASSWORD";
 * }</pre>
 *
 * <p>Without {@code username} the secret is a JSON object with {@code username} and {@code
 * password}; {@code secret="NAME#FIELD"} takes the password from another field. Settings of the
 * library are keys of the client with the prefix {@code secrets.}; code may put its own {@link
 * de.lifetimecircle.secrets.SecretProvider} under {@code secrets.provider}, which stays open.
 *
 * <p>A SCRAM broker shows the salt of the password it has, before the client proves that it knows
 * the password. So the client learns in time that the broker has another password, and takes the
 * pending version or the one that was promoted meanwhile.
 *
 * <p>Safe for use by several threads. Blocks the client's network thread while the backend is
 * asked, at most for twice {@code timeout}.
 */
public final class SecretsSaslCallbackHandler implements AuthenticateCallbackHandler {
  private @Nullable ProviderLease lease;
  private @Nullable SaslLogin login;
  private @Nullable ScramSalts salts;
  private boolean usesSalts;

  /** For Kafka, which then calls {@link #configure}. */
  public SecretsSaslCallbackHandler() {}

  @Override
  public void configure(
      Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasEntries) {
    SaslLogin configured = SaslLogin.of(jaasEntries);
    ProviderLease opened = ProviderLease.of(configs);
    login = configured;
    lease = opened;
    salts = new ScramSalts(opened, configured.name());
    SaltAwareSasl.use();
    usesSalts = true;
    requireLogin(opened, configured);
  }

  /** Kafka would report a name that has no answer at the first connection, and try for ever. */
  private void requireLogin(ProviderLease opened, SaslLogin configured) {
    try {
      Secret version = opened.recent(configured.name());
      configured.user(version);
      Arrays.fill(configured.password(version), '\0');
    } catch (SecretException e) {
      if (!e.retryable()) {
        close(); // Kafka does not close what it could not configure
        throw new KafkaException(e.getMessage(), e);
      }
    }
  }

  /** Starts a SCRAM login. */
  ScramLogin scramLogin() {
    if (lease == null || login == null || salts == null) {
      throw notConfigured();
    }
    return new ScramLogin(lease, login, salts);
  }

  private static IllegalStateException notConfigured() {
    return new IllegalStateException(
        "Cannot log in to Kafka: the callback handler is not configured.");
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    if (lease == null || login == null) {
      throw notConfigured();
    }
    answer(callbacks, login, lease.recent(login.name()));
  }

  /** Answers for one version of the login. */
  static void answer(Callback[] callbacks, SaslLogin login, Secret version)
      throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      if (callback instanceof NameCallback name) {
        name.setName(login.user(version));
      } else if (callback instanceof PasswordCallback asked) {
        char[] password = login.password(version);
        asked.setPassword(password); // which copies
        Arrays.fill(password, '\0');
      } else if (!(callback instanceof ScramExtensionsCallback)
          && !(callback instanceof SaslExtensionsCallback)) {
        throw new UnsupportedCallbackException(
            callback,
            "Cannot log in to Kafka: the mechanism asks for more than user and password.");
      }
    }
  }

  /** Gives the provider back. Closing twice is harmless. */
  @Override
  public void close() {
    if (usesSalts) {
      usesSalts = false;
      SaltAwareSasl.release();
    }
    if (lease != null) {
      lease.close();
    }
  }
}
