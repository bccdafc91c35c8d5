package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files that define a client's trust and identity. Its {@link #context} reads them again
 * when they change, so that a rotated authority or client certificate takes effect without a
 * restart. Immutable; safe for use by several threads.
 *
 * <pre>{@code
 * SSLContext context = PemTls.trusting(Path.of("/etc/ssl/internal-ca.pem")).context();
 * HttpClient client = HttpClient.newBuilder().sslContext(context).build();
 * }</pre>
 *
 * @param authorities the certificates to trust; those of the JVM if there is no file
 * @param certificate the client's certificate and the intermediate ones
 * @param key the key of the certificate, in plain PKCS #8
 */
public record PemTls(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Makes the settings of a client that shows no certificate.
   *
   * @param authorities the certificates to trust, in PEM; no others are trusted
   * @return settings that are not read yet
   */
  public static PemTls trusting(Path authorities) {
    return new PemTls(Optional.of(authorities), Optional.empty(), Optional.empty());
  }

  /**
   * Tells whether anything differs from the JVM's own settings.
   *
   * @return false if the client can use the default context of the JVM
   */
  public boolean isCustom() {
    return authorities.isPresent() || hasIdentity();
  }

  /**
   * Tells whether the client shows a certificate.
   *
   * @return true if both certificate and key are named
   */
  public boolean hasIdentity() {
    return certificate.isPresent() && key.isPresent();
  }

  /**
   * Reads the files and makes a context for client connections. At each new connection, at most
   * once a second, it checks whether the size or time of a file has changed, and reads the files
   * again if so. If it cannot use the new files, perhaps because they are half written, it logs
   * that and continues with the old ones. Open connections are not affected.
   *
   * @return a context that follows the files; it makes no server sockets
   * @throws StoreFailure {@code CONFIGURATION} if a file cannot be used; without advice, because
   *     only the store knows the names of its settings
   */
  public SSLContext context() {
    return new ReloadingSslContext(this);
  }

  List<Path> files() {
    return Stream.of(authorities, certificate, key).flatMap(Optional::stream).toList();
  }

  /** A context of the files as they are now. */
  SSLContext read() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable("the files of TLS do not fit each other").causedBy(e);
    }
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException {
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate root : certificates(authorities.get())) {
      store.setCertificateEntry("ca-" + number++, root);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException {
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    List<Certificate> chain = certificates(certificate.get());
    PrivateKey own = privateKey(key.get(), chain.get(0).getPublicKey().getAlgorithm());
    if (!fits(own, chain.get(0).getPublicKey())) {
      throw unusable(key.get() + " holds no key of the client's certificate");
    }
    KeyStore store = emptyStore();
    char[] none = {};
    store.setKeyEntry("client", own, none, chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return factory.getKeyManagers();
  }

  private static List<Certificate> certificates(Path file) {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)));
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (GeneralSecurityException e) {
      throw unusable(file + " holds no certificates in PEM").causedBy(e);
    }
    throw unusable(file + " holds no certificates in PEM");
  }

  private static PrivateKey privateKey(Path file, String algorithm) {
    byte[] pem = bytes(file);
    Matcher key = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
    Arrays.fill(pem, (byte) 0);
    if (!key.find()) {
      throw unusable(file + " holds no plain key in PKCS #8 (BEGIN PRIVATE KEY)");
    }
    byte[] encoded = {};
    try {
      encoded = Base64.getMimeDecoder().decode(key.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(file + " holds no key of the client's certificate").causedBy(e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** Whether key and certificate are of one pair; while both files are rotated they are not. */
  private static boolean fits(PrivateKey own, PublicKey shown) {
    String algorithm =
        switch (own.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> own.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(own);
      signer.update(probe);
      byte[] signed = signer.sign();
      signer.initVerify(shown);
      signer.update(probe);
      return signer.verify(signed);
    } catch (GeneralSecurityException e) {
      return true; // unknown for this algorithm; the handshake will show it
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unusable(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static StoreFailure unusable(String why) {
    return StoreFailure.of(Kind.CONFIGURATION, why, null);
  }
}
