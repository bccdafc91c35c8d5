package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Certificates and keys as a secret has them. Stateless. */
public final class Pem {
  private Pem() {}

  /** Returns the certificate and the key, for which the probe looks from now on. */
  public static String of(TestAuthority.Identity identity, LeakProbe probe) {
    byte[] key = identity.key().getEncoded();
    // The second line of the PEM: the first is the same for every key of the curve.
    String text = Base64.getEncoder().encodeToString(key);
    probe.watch("private key", text.substring(64, Math.min(128, text.length())));
    return of(identity.certificate()) + key(identity);
  }

  /** Returns the key alone. */
  public static String key(TestAuthority.Identity identity) {
    return block("PRIVATE KEY", identity.key().getEncoded());
  }

  /** Returns a certificate. */
  public static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String block(String type, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }
}
