package de.lifetimecircle.secrets.testkit;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * The content of a certificate (RFC 5280, version 3) before it is signed. Immutable.
 *
 * @param issuer the name of the authority that signs it
 * @param subject the name of the holder
 * @param key the key of the holder
 * @param start the first moment at which it is valid
 * @param end the last moment at which it is valid
 * @param extensions encoded, such as {@link #authority} and {@link #alternativeNames}
 */
record TestCertificate(
    X500Principal issuer,
    X500Principal subject,
    PublicKey key,
    Instant start,
    Instant end,
    List<byte[]> extensions) {
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final int VERSION_3 = 2;

  /** The numbers of two forms of a name in RFC 5280, {@code GeneralName}. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  /** Says that the holder may issue certificates, but no certificates of further authorities. */
  static byte[] authority() {
    byte[] critical = DerWriter.yes();
    byte[] content = DerWriter.sequence(DerWriter.yes(), DerWriter.integer(BigInteger.ZERO));
    return DerWriter.sequence(
        DerWriter.identifier(BASIC_CONSTRAINTS), critical, DerWriter.octets(content));
  }

  /** Says for which hosts a certificate of a server is good: names and addresses alike. */
  static byte[] alternativeNames(String... hosts) {
    byte[][] names = new byte[hosts.length][];
    for (int i = 0; i < hosts.length; i++) {
      names[i] = generalName(hosts[i]);
    }
    return DerWriter.sequence(
        DerWriter.identifier(ALTERNATIVE_NAMES), DerWriter.octets(DerWriter.sequence(names)));
  }

  private static byte[] generalName(String host) {
    if (!host.matches("[0-9.]+|.*:.*")) {
      return DerWriter.tagged(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      // The text is an address, so nothing is looked up.
      return DerWriter.tagged(IP_ADDRESS, InetAddress.getByName(host).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host: " + host + " (expected: a name or address)", e);
    }
  }

  /** Signs the content with the key of the issuer, which is one for elliptic curves. */
  X509Certificate signedBy(PrivateKey authority, SecureRandom random)
      throws GeneralSecurityException {
    byte[] algorithm = DerWriter.sequence(DerWriter.identifier(ECDSA_WITH_SHA256));
    byte[] content = content(algorithm, new BigInteger(120, random));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(authority, random);
    signature.update(content);
    byte[] whole = DerWriter.sequence(content, algorithm, DerWriter.bits(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private byte[] content(byte[] algorithm, BigInteger serial) {
    List<byte[]> fields = new ArrayList<>();
    fields.add(DerWriter.wrapped(0, DerWriter.integer(BigInteger.valueOf(VERSION_3))));
    fields.add(DerWriter.integer(serial));
    fields.add(algorithm);
    fields.add(issuer.getEncoded());
    fields.add(DerWriter.sequence(DerWriter.time(start), DerWriter.time(end)));
    fields.add(subject.getEncoded());
    fields.add(key.getEncoded());
    if (!extensions.isEmpty()) {
      fields.add(DerWriter.wrapped(3, DerWriter.sequence(extensions.toArray(byte[][]::new))));
    }
    return DerWriter.sequence(fields.toArray(byte[][]::new));
  }
}
