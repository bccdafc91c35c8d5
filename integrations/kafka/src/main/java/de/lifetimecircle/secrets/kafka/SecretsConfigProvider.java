package de.lifetimecircle.secrets.kafka;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Puts secrets into the configuration of a client, a broker or a connector: {@code
 * ${secrets:NAME:value}} for a whole secret, {@code ${secrets:NAME:FIELD}} for one field of a JSON
 * object, {@code ${secrets:NAME}} for short.
 *
 * <p>The parameters are {@code allow}, {@code restart-connectors} with the URL of a Connect worker,
 * {@code name} if the provider is not called {@code secrets}, and any key of {@code
 * secrets.properties}, such as {@code backend}. {@code allow} lists the names and folders that may
 * be read, with commas between them; without it nothing may be. Names that cannot be read fail with
 * a {@link ConfigException}; no placeholder stays behind. There is no time to live: a connector
 * would restart each time it ends, changed or not.
 *
 * <p>Asks the backend for an answer no older than a second, because a task that starts after a
 * rotation must not get the old version; while the backend fails, the held version. Safe for use by
 * several threads; blocks while the backend is asked.
 */
@AutoService(ConfigProvider.class)
public final class SecretsConfigProvider implements ConfigProvider {
  private static final String ALLOW = "allow";
  private static final String RESTART = "restart-connectors";
  private static final String NAME = "name";
  private static final String WHOLE = "value";

  private AllowedNames allowed = AllowedNames.NOTHING;
  private @Nullable ProviderLease lease;
  private @Nullable ConnectRestarter restarter;

  /** For Kafka, which then calls {@link #configure}. */
  public SecretsConfigProvider() {}

  @Override
  public void configure(Map<String, ?> configs) {
    Map<String, String> settings = new HashMap<>();
    configs.forEach(
        (key, value) -> {
          if (value != null && !key.equals(ProviderLease.IN_CODE)) {
            settings.put(key, value.toString());
          }
        });
    String allow = settings.remove(ALLOW);
    String worker = settings.remove(RESTART);
    String name = settings.remove(NAME);
    allowed = allow == null ? AllowedNames.NOTHING : AllowedNames.parse(allow);
    ProviderLease opened = ProviderLease.of(settings, configs.get(ProviderLease.IN_CODE));
    lease = opened;
    if (worker != null) {
      try {
        restarter =
            ConnectRestarter.builder(opened.provider(), URI.create(worker))
                .configProvider(name == null ? "secrets" : name)
                .names(allowed::allows)
                .firstLookAfter(Duration.ofSeconds(5))
                .build();
      } catch (IllegalArgumentException e) { // its text quotes the URL, which may have a password
        close(); // Kafka does not close what it could not configure
        throw new ConfigException(RESTART + ": redacted (expected: the URL of a Connect worker)");
      }
    }
  }

  @Override
  public ConfigData get(String path) {
    return get(path, Set.of(WHOLE));
  }

  @Override
  public ConfigData get(String path, Set<String> keys) {
    Map<String, String> values = new HashMap<>();
    for (String key : keys) {
      values.put(key, path.isEmpty() ? read(key, WHOLE) : read(path, key));
    }
    return new ConfigData(values);
  }

  private String read(String name, String field) {
    ProviderLease open = lease;
    if (open == null) {
      throw refused(name, "its provider is not configured or closed", "Configure it first");
    }
    requirePlain(name, name);
    requirePlain(name, field);
    if (!allowed.allows(name)) {
      throw refused(
          name,
          "the parameter allow does not list it",
          "Add the name, or its folder with a '/' at the end, to"
              + " config.providers.PROVIDER.param.allow");
    }
    try {
      Secret secret = open.recent(name);
      if (restarter != null) {
        restarter.watch(name);
      }
      return field.equals(WHOLE) ? secret.asString() : secret.value().json(field);
    } catch (SecretException e) {
      throw failure(e.getMessage(), e);
    }
  }

  /** Kafka divides a placeholder at colons and ends it at a brace, so a name cannot have them. */
  private static void requirePlain(String name, String part) {
    for (char forbidden : new char[] {':', '{', '}'}) {
      if (part.indexOf(forbidden) >= 0) {
        throw refused(
            name,
            "'" + part + "' has a '" + forbidden + "', which Kafka's placeholders cannot carry",
            "Give the secret a name of letters, digits, '_', '-' and '/'");
      }
    }
  }

  private static ConfigException refused(String name, String why, String advice) {
    return new ConfigException(
        "Cannot read secret '"
            + name
            + "' for a configuration of Kafka: "
            + why
            + ". "
            + advice
            + ".");
  }

  private static ConfigException failure(@Nullable String message, Exception cause) {
    ConfigException failure = new ConfigException(message);
    failure.initCause(cause);
    return failure;
  }

  @Override
  public void close() {
    if (restarter != null) {
      restarter.close();
    }
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
