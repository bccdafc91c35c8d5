package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority that lives as long as a test: issues certificates for servers and
 * clients, and TLS contexts that use them. Nothing of it is written unless asked for. Immutable.
 *
 * <p>Needs {@code org.bouncycastle:bcpkix-jdk18on} in test scope, which the kit does not bring:
 * most tests with the kit need no certificates.
 */
public final class TestAuthority {
  private static final Duration VALID = Duration.ofDays(1);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final char[] NO_PASSWORD = {};

  private final CertificateSigner signer;
  private final X509Certificate root;

  private TestAuthority(CertificateSigner signer, X509Certificate root) {
    this.signer = signer;
    this.root = root;
  }

  /**
   * A certificate with its private key. Immutable.
   *
   * @param key the private key
   * @param certificate the certificate
   */
  public record Identity(PrivateKey key, X509Certificate certificate) {
    /** Shows the subject, not the key. */
    @Override
    public String toString() {
      return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }

    /** Returns the certificate as PEM. */
    public String certificatePem() {
      return pem("CERTIFICATE", encoded(certificate));
    }

    /** Returns the private key as PEM (PKCS #8). */
    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes {@code NAME.pem} (the certificate) and {@code NAME-key.pem} (PKCS #8). */
    public void writePem(Path folder, String name) {
      write(folder.resolve(name + ".pem"), certificatePem());
      write(folder.resolve(name + "-key.pem"), keyPem());
    }
  }

  /**
   * Creates an authority with a key of its own.
   *
   * @throws IllegalStateException if Bouncy Castle is not on the class path; names what to add
   */
  public static TestAuthority create() {
    try {
      KeyPair keys = newKeys("EC");
      X500Principal name = new X500Principal("CN=Test authority " + new BigInteger(64, RANDOM));
      CertificateSigner signer = new CertificateSigner(name, keys.getPrivate(), RANDOM);
      Instant end = tomorrow();
      return new TestAuthority(signer, signer.root(keys.getPublic(), start(end), end));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a certificate authority", e);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Cannot make a certificate authority: Bouncy Castle is not on the class path. Add"
              + " org.bouncycastle:bcpkix-jdk18on in test scope.",
          e);
    }
  }

  /** The certificate of the authority. */
  public X509Certificate root() {
    return root;
  }

  /** Returns the certificate of the authority as PEM. */
  public String rootPem() {
    return pem("CERTIFICATE", encoded(root));
  }

  /** Writes the authority's certificate to {@code ca.pem} in the folder. */
  public Path writePem(Path folder) {
    Path file = folder.resolve("ca.pem");
    write(file, rootPem());
    return file;
  }

  /** A server's side of TLS with a certificate for these hosts; names and addresses alike. */
  public SSLContext serverFor(String... hosts) {
    return server(issue("EC", "CN=" + hosts[0], tomorrow(), hosts));
  }

  /** As {@link #serverFor}, with a certificate that expired yesterday. */
  public SSLContext expiredServerFor(String... hosts) {
    Instant ended = InstantSource.system().instant().minus(Duration.ofDays(1));
    return server(issue("EC", "CN=" + hosts[0], ended, hosts));
  }

  /**
   * A certificate with its key, for a client that proves who it is.
   *
   * @param algorithm {@code EC} or {@code RSA}
   * @param commonName the subject's common name
   */
  public Identity issue(String algorithm, String commonName) {
    return issue(algorithm, "CN=" + commonName, tomorrow());
  }

  private Identity issue(String algorithm, String subject, Instant end, String... hosts) {
    try {
      KeyPair own = newKeys(algorithm);
      X500Principal holder = new X500Principal(subject);
      return new Identity(
          own.getPrivate(), signer.certificate(holder, own.getPublic(), start(end), end, hosts));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot issue a certificate", e);
    }
  }

  /** A client's side of TLS that trusts this authority only. */
  public SSLContext client() {
    return context(new KeyManager[0]);
  }

  /** A server's side of TLS; accepts the clients of this authority where it asks for them. */
  private SSLContext server(Identity identity) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry(
          "server", identity.key(), NO_PASSWORD, new Certificate[] {identity.certificate(), root});
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(store, NO_PASSWORD);
      return context(own.getKeyManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot make a TLS context", e);
    }
  }

  private SSLContext context(KeyManager[] own) {
    try {
      KeyStore store = emptyStore();
      store.setCertificateEntry("ca", root);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot make a TLS context", e);
    }
  }

  /**
   * In memory only. PKCS12 hashes the password 10,000 times for each key that goes in or out, which
   * takes longer than all else for a server.
   */
  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static KeyPair newKeys(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    } else {
      generator.initialize(2048, RANDOM);
    }
    return generator.generateKeyPair();
  }

  private static Instant tomorrow() {
    return InstantSource.system().instant().plus(VALID);
  }

  /** The day before the certificate is issued, for machines whose clocks differ. */
  private static Instant start(Instant end) {
    return end.minus(VALID).minus(VALID);
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static void write(Path file, String pem) {
    try {
      OwnerOnlyFiles.write(file, pem.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("Cannot encode a certificate of our own", e);
    }
  }
}
