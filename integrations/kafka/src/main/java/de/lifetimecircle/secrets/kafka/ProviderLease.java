package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A share in the provider that plug-ins of Kafka read from. Those with the same settings share one
 * provider, which closes with the last of them: a process may have dozens of clients.
 *
 * <p>Safe for use by several threads. The lock is held while a provider is opened, which does no
 * I/O, and never while one closes, which may wait for loads under way.
 */
final class ProviderLease implements AutoCloseable {
  /** The key under which code hands over a provider of its own, which is never closed here. */
  static final String IN_CODE = "secrets.provider";

  static final String PREFIX = "secrets.";

  /** Keys after the prefix that belong to this module and not to the library. */
  private static final String TLS = "ssl.";

  /** How old an answer may be where a login or a task begins. */
  static final Duration RECENT = Duration.ofSeconds(1);

  private static final Map<Map<String, String>, Share> OPEN = new HashMap<>();

  private static final class Share {
    private final SecretProvider provider;
    private int leases;

    Share(SecretProvider provider) {
      this.provider = provider;
    }
  }

  private final @Nullable Map<String, String> settings;
  private final SecretProvider provider;
  private boolean closed;

  private ProviderLease(@Nullable Map<String, String> settings, SecretProvider provider) {
    this.settings = settings;
    this.provider = provider;
  }

  /**
   * Leases the provider for the configuration of a client: its keys with the prefix {@code
   * secrets.}, or the provider under {@link #IN_CODE}.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   * @throws ConfigException if there is another object under {@link #IN_CODE}
   */
  static ProviderLease of(Map<String, ?> configs) {
    Map<String, String> settings = new HashMap<>();
    configs.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX) && !key.equals(IN_CODE) && value != null) {
            String rest = key.substring(PREFIX.length());
            if (!rest.startsWith(TLS)) {
              settings.put(rest, value.toString());
            }
          }
        });
    return of(settings, configs.get(IN_CODE));
  }

  /** Leases the provider with these settings of the library; one made in code wins. */
  static ProviderLease of(Map<String, String> settings, @Nullable Object inCode) {
    if (inCode instanceof SecretProvider given) {
      return new ProviderLease(null, given);
    }
    if (inCode != null) {
      throw new ConfigException(
          IN_CODE + ": " + inCode.getClass().getName() + " (expected: a SecretProvider)");
    }
    Map<String, String> key = Map.copyOf(settings);
    synchronized (OPEN) {
      Share share = OPEN.get(key);
      if (share == null) {
        SecretProviderBuilder builder = SecretProvider.builder();
        key.forEach((name, value) -> builder.set(name, value, "the configuration of Kafka"));
        share = new Share(builder.build());
        OPEN.put(key, share);
      }
      share.leases++;
      return new ProviderLease(key, share.provider);
    }
  }

  SecretProvider provider() {
    return provider;
  }

  /**
   * Returns the current version, at most {@link #RECENT} old where the backend answers, else the
   * held one. Blocks while the backend is asked.
   */
  Secret recent(String name) {
    try {
      return provider.get(name, RECENT);
    } catch (SecretException e) {
      return provider.get(name); // held, or it fails with the same reason
    }
  }

  /** Gives the share back; closing twice is harmless. Blocks while the last share closes it. */
  @Override
  public void close() {
    if (isLast()) {
      provider.close();
    }
  }

  private boolean isLast() {
    synchronized (OPEN) {
      if (closed || settings == null) {
        return false;
      }
      closed = true;
      Share share = OPEN.get(settings);
      if (share == null || --share.leases > 0) {
        return false;
      }
      OPEN.remove(settings);
      return true;
    }
  }
}
