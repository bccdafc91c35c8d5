package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
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
    return identity.certificatePem() + identity.keyPem();
  }
}
