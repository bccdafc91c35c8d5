package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates (RFC 5280, version 3) with the key of an authority. Immutable.
 *
 * <p>The only class here that needs Bouncy Castle, so that {@link TestAuthority} can say so where
 * it is missing.
 *
 * @param issuer the name of the authority
 * @param key its key, one for elliptic curves
 * @param random for the serial numbers
 */
record CertificateSigner(X500Principal issuer, PrivateKey key, SecureRandom random) {

  /** Signs the certificate of the authority itself, which may issue none of further authorities. */
  X509Certificate root(PublicKey own, Instant start, Instant end) throws GeneralSecurityException {
    JcaX509v3CertificateBuilder content = content(issuer, own, start, end);
    try {
      content.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    } catch (IOException e) {
      throw new GeneralSecurityException("Cannot encode the certificate of an authority", e);
    }
    return signed(content);
  }

  /**
   * Signs a certificate for a holder.
   *
   * @param hosts the names and addresses that it is good for; none for a client
   */
  X509Certificate certificate(
      X500Principal subject, PublicKey holder, Instant start, Instant end, String... hosts)
      throws GeneralSecurityException {
    JcaX509v3CertificateBuilder content = content(subject, holder, start, end);
    if (hosts.length > 0) {
      GeneralName[] names =
          Stream.of(hosts).map(CertificateSigner::name).toArray(GeneralName[]::new);
      try {
        content.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      } catch (IOException e) {
        throw new GeneralSecurityException("Cannot encode the hosts of a certificate", e);
      }
    }
    return signed(content);
  }

  private static GeneralName name(String host) {
    boolean isAddress = host.matches("[0-9.]+|.*:.*");
    return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private JcaX509v3CertificateBuilder content(
      X500Principal subject, PublicKey holder, Instant start, Instant end) {
    BigInteger serial = new BigInteger(120, random);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(start), Date.from(end), subject, holder);
  }

  private X509Certificate signed(JcaX509v3CertificateBuilder content)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(content.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("Cannot sign a certificate", e);
    }
  }
}
