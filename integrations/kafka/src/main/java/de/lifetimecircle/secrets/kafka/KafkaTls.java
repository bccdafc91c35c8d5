package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one version of each secret, made by Kafka's own factory.
 *
 * @param factory Kafka's factory, configured
 */
record KafkaTls(SslEngineFactory factory) {
  private static final String PEM = "PEM";

  /**
   * Reads the PEM of these versions.
   *
   * @throws SecretException {@code INVALID_VALUE} if they cannot be used; shows no part of them
   */
  static KafkaTls of(Map<String, Object> configs, Map<String, Secret> secrets) {
    Map<String, Object> filled = new HashMap<>(configs);
    Secret certificate = secrets.get(SecretsSslEngineFactory.CERTIFICATE);
    if (certificate != null) {
      Secret key = secrets.getOrDefault(SecretsSslEngineFactory.KEY, certificate);
      filled.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
      filled.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, pem(certificate));
      filled.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, pem(key));
    }
    Secret trust = secrets.get(SecretsSslEngineFactory.TRUST);
    if (trust != null) {
      filled.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
      filled.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, pem(trust));
    }
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    try {
      factory.configure(filled);
    } catch (KafkaException | IllegalArgumentException e) {
      throw unusable("its PEM cannot be read"); // no cause: its text may quote the PEM
    }
    requirePair(factory.keystore());
    return new KafkaTls(factory);
  }

  private static Password pem(Secret secret) {
    return new Password(secret.asString());
  }

  private static void requirePair(@Nullable KeyStore store) {
    if (store == null) {
      return;
    }
    try {
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.getKey(alias, null);
        if (!(key instanceof PrivateKey own) || !isPair(own, store.getCertificate(alias))) {
          throw unusable("the private key does not belong to the certificate");
        }
      }
    } catch (GeneralSecurityException e) {
      throw unusable("its private key cannot be used");
    }
  }

  private static boolean isPair(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(probe);
    byte[] signed = signer.sign();
    signer.initVerify(certificate.getPublicKey());
    signer.update(probe);
    return signer.verify(signed);
  }

  private static SecretException unusable(String why) {
    return SecretException.of(Kind.INVALID_VALUE, "make the TLS of Kafka from its secrets")
        .reason(why)
        .advice(
            "Store the certificate chain as BEGIN CERTIFICATE and the key as BEGIN PRIVATE KEY"
                + " (PKCS #8, not encrypted)")
        .build();
  }
}
