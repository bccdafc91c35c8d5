package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a client or a broker of Kafka from secrets in PEM; each new connection uses the current
 * version.
 *
 * <pre>{@code
 * ssl.engine.factory.class=de.lifetimecircle.secrets.kafka.SecretsSslEngineFactory
 * secrets.ssl.certificate=prod/SHOP_TLS
 * secrets.ssl.trust=prod/KAFKA_CA
 * }</pre>
 *
 * <p>{@code secrets.ssl.certificate} has the chain and its private key (PKCS #8), or {@code
 * secrets.ssl.key} names the key; {@code secrets.ssl.trust} has the certificates to trust, or the
 * JDK's apply. Other keys of TLS count as ever. A version that cannot be used, such as a key whose
 * certificate has not rotated yet, is logged, and connections continue with the version before.
 *
 * <p>Safe for use by several threads. Blocks while the first versions are read.
 */
public final class SecretsSslEngineFactory implements SslEngineFactory {
  private static final Logger LOG = System.getLogger(SecretsSslEngineFactory.class.getName());

  static final String CERTIFICATE = "secrets.ssl.certificate";
  static final String KEY = "secrets.ssl.key";
  static final String TRUST = "secrets.ssl.trust";

  private final Map<String, SecretHandle> handles = new LinkedHashMap<>();
  private Map<String, Object> configs = Map.of();
  private @Nullable ProviderLease lease;
  private volatile @Nullable KafkaTls current;
  private volatile Map<String, Secret> tried = Map.of();

  /** For Kafka, which then calls {@link #configure}. */
  public SecretsSslEngineFactory() {}

  @Override
  public void configure(Map<String, ?> configs) {
    try {
      begin(configs);
    } catch (RuntimeException e) {
      close(); // Kafka does not close what it could not configure
      handles.clear();
      throw e;
    }
  }

  private void begin(Map<String, ?> configs) {
    this.configs = new LinkedHashMap<>(configs);
    ProviderLease opened = ProviderLease.of(configs);
    lease = opened;
    for (String key : new String[] {CERTIFICATE, KEY, TRUST}) {
      if (configs.get(key) instanceof String name && !name.isEmpty()) {
        handles.put(key, opened.provider().handle(name));
      }
    }
    if (handles.isEmpty() || (handles.containsKey(KEY) && !handles.containsKey(CERTIFICATE))) {
      throw new ConfigException(
          "Cannot use TLS with Kafka: no secret for it. Set "
              + CERTIFICATE
              + ", or "
              + TRUST
              + ", or both.");
    }
    try {
      tried = versions();
      current = KafkaTls.of(this.configs, tried);
    } catch (SecretException e) {
      throw new KafkaException(e.getMessage(), e);
    }
  }

  private Map<String, Secret> versions() {
    Map<String, Secret> versions = new LinkedHashMap<>();
    handles.forEach((key, handle) -> versions.put(key, handle.get()));
    return versions;
  }

  /** The TLS of the current versions, or of the last ones that could be used. */
  private KafkaTls tls() {
    KafkaTls used = current;
    if (used == null) {
      throw new IllegalStateException("Cannot use TLS with Kafka: it is not configured or closed.");
    }
    try {
      return versions().equals(tried) ? used : renewed(used);
    } catch (SecretException e) {
      LOG.log(Level.WARNING, "{0} The TLS of Kafka stays as it is.", e.getMessage());
      return used;
    }
  }

  private synchronized KafkaTls renewed(KafkaTls used) {
    Map<String, Secret> versions = versions();
    if (versions.equals(tried)) {
      KafkaTls other = current; // another thread has renewed it
      return other == null ? used : other;
    }
    tried = versions; // once for each version, not once for each connection
    KafkaTls made = KafkaTls.of(configs, versions);
    current = made;
    return made;
  }

  @Override
  public SSLEngine createClientSslEngine(
      String peerHost, int peerPort, String endpointIdentification) {
    return tls().factory().createClientSslEngine(peerHost, peerPort, endpointIdentification);
  }

  @Override
  public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    return tls().factory().createServerSslEngine(peerHost, peerPort);
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
    return !nextConfigs.equals(configs);
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of(CERTIFICATE, KEY, TRUST);
  }

  @Override
  public @Nullable KeyStore keystore() {
    return tls().factory().keystore();
  }

  @Override
  public @Nullable KeyStore truststore() {
    return tls().factory().truststore();
  }

  @Override
  public void close() {
    handles.values().forEach(SecretHandle::close);
    if (lease != null) {
      lease.close();
    }
    current = null;
  }
}
