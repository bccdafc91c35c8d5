package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The authorities of a PEM file as the only ones to trust. Stateless. */
final class AzureTrust {
  private AzureTrust() {}

  /**
   * Reads the file.
   *
   * @throws StoreFailure {@code CONFIGURATION} if it cannot be read or holds no certificate
   */
  static SSLContext context(Path file) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Collection<? extends Certificate> authorities =
          factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
      if (authorities.isEmpty()) {
        throw unusable(file, "holds no certificate");
      }
      return trusting(authorities);
    } catch (IOException e) {
      throw unusable(file, "cannot be read").causedBy(e);
    } catch (GeneralSecurityException e) {
      throw unusable(file, "is not PEM").causedBy(e);
    }
  }

  private static SSLContext trusting(Collection<? extends Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static StoreFailure unusable(Path file, String why) {
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "azure.ca-file: " + file + " " + why,
        "Name a PEM file with the certificates of the authorities");
  }
}
