package de.lifetimecircle.secrets.springboot;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that one SSL bundle is made of, each in PEM.
 *
 * @param certificate the certificate and its chain; for a server or a client that shows who it is
 * @param privateKey the key of the certificate, in PKCS #8; by default the same secret
 * @param trust the certificates to trust; by default those of the JVM
 */
record PemNames(@Nullable String certificate, @Nullable String privateKey, @Nullable String trust) {

  /** The secret that has the private key; null if the bundle has no certificate. */
  @Nullable String keyName() {
    return privateKey != null ? privateKey : certificate;
  }

  Set<String> all() {
    Set<String> names = new LinkedHashSet<>();
    for (String each : new String[] {certificate, keyName(), trust}) {
      if (each != null) {
        names.add(each);
      }
    }
    return names;
  }
}
