package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be used; that rotated ones are is in the tests of the providers. */
class PemTlsTest {
  @TempDir private Path folder;

  private static StoreFailure failure(PemTls tls) {
    return catchThrowableOfType(StoreFailure.class, tls::context);
  }

  @Test
  void aMissingFileIsNamed() {
    StoreFailure failure = failure(PemTls.trusting(folder.resolve("ca.pem")));
    assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(failure.reason()).endsWith("ca.pem does not exist");
  }

  @Test
  void aFileWithoutACertificateIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "");
    assertThat(failure(PemTls.trusting(file)).reason()).contains("holds no certificates");
    Files.writeString(file, "canary");
    assertThat(failure(PemTls.trusting(file)).reason())
        .contains("holds no certificates")
        .doesNotContain("canary");
  }

  @Test
  void anIdentityNeedsBothFiles() {
    Optional<Path> file = Optional.of(folder.resolve("app.pem"));
    assertThat(new PemTls(Optional.empty(), file, file).hasIdentity()).isTrue();
    assertThat(new PemTls(Optional.empty(), file, Optional.empty()).hasIdentity()).isFalse();
    assertThat(new PemTls(Optional.empty(), Optional.empty(), file).isCustom()).isFalse();
    assertThat(PemTls.trusting(folder).isCustom()).isTrue();
  }

  @Test
  void withoutFilesTheContextIsTheJvmsForClients() {
    SSLContext context = new PemTls(Optional.empty(), Optional.empty(), Optional.empty()).context();
    assertThat(context.createSSLEngine("store.example", 443).getPeerHost())
        .isEqualTo("store.example");
    assertThat(context.getSocketFactory().getDefaultCipherSuites()).isNotEmpty();
    assertThat(context.getSupportedSSLParameters().getProtocols()).contains("TLSv1.3");
    assertThatThrownBy(context::getServerSocketFactory)
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> context.init(null, null, null))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
