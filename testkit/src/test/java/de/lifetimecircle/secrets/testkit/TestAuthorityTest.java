package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificates of the authority, as the JDK's own checks see them. */
class TestAuthorityTest {
  private final TestAuthority authority = TestAuthority.create();

  private static void validate(X509Certificate certificate, X509Certificate root) throws Exception {
    CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void certificateIsGoodForItsAuthorityOnly(String algorithm) throws Exception {
    X509Certificate issued = authority.issue(algorithm, "a client").certificate();
    validate(issued, authority.root());
    assertThat(issued.getSubjectX500Principal().getName()).isEqualTo("CN=a client");
    assertThat(issued.getBasicConstraints()).as("issues no certificates").isEqualTo(-1);
    X509Certificate stranger = TestAuthority.create().root();
    assertThatThrownBy(() -> validate(issued, stranger))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void rootMayIssueCertificatesButNoAuthorities() {
    assertThat(authority.root().getVersion()).isEqualTo(3);
    assertThat(authority.root().getBasicConstraints()).isZero();
    assertThat(authority.root().getCriticalExtensionOIDs()).containsExactly("2.5.29.19");
  }

  @Test
  void serversCertificateNamesHostsAndAddresses() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Principal name = new X500Principal("CN=a server");
    Instant end = Instant.parse("2050-01-01T00:00:00Z");
    X509Certificate certificate =
        new CertificateSigner(name, keys.getPrivate(), new SecureRandom())
            .certificate(
                name, keys.getPublic(), end.minusSeconds(1), end, "localhost", "127.0.0.1", "::1");
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(each -> each.get(0) + " " + each.get(1))
        .containsExactly("2 localhost", "7 127.0.0.1", "7 0:0:0:0:0:0:0:1");
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(end.minusSeconds(1));
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(end);
  }

  @Test
  void pemFilesArePrivateAndHoldTheCertificateAndItsKey(@TempDir Path folder) throws Exception {
    TestAuthority.Identity identity = authority.issue("EC", "a client");
    identity.writePem(folder, "client");
    Path certificate = folder.resolve("client.pem");
    try (InputStream in = Files.newInputStream(certificate)) {
      assertThat(CertificateFactory.getInstance("X.509").generateCertificate(in))
          .isEqualTo(identity.certificate());
    }
    List<String> key = Files.readAllLines(folder.resolve("client-key.pem"));
    assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----").endsWith("-----END PRIVATE KEY-----");
    byte[] encoded = Base64.getDecoder().decode(String.join("", key.subList(1, key.size() - 1)));
    assertThat(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)))
        .isEqualTo(identity.key());
    for (String name : List.of("client.pem", "client-key.pem")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void anAuthorityWithoutBouncyCastleSaysWhatToAdd() throws Exception {
    URL[] kit = {place(TestAuthority.class), place(OwnerOnlyFiles.class)};
    try (URLClassLoader alone = new URLClassLoader(kit, ClassLoader.getPlatformClassLoader())) {
      Method create = alone.loadClass(TestAuthority.class.getName()).getMethod("create");
      assertThatThrownBy(() -> create.invoke(null))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Add org.bouncycastle:bcpkix-jdk18on in test scope.");
    }
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
