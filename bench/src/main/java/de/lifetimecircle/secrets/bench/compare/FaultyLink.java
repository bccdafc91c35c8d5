package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A proxy that can fail, between a participant and its server. Used by one thread. */
final class FaultyLink implements AutoCloseable {
  private final FaultProxy proxy;
  private final ParticipantAccess subject;
  private final Path folder;

  private FaultyLink(FaultProxy proxy, ParticipantAccess subject, Path folder) {
    this.proxy = proxy;
    this.subject = subject;
    this.folder = folder;
  }

  /** A barrier before the server of a participant, with TLS where the server has it. */
  static FaultyLink before(ParticipantAccess subject) {
    Path folder;
    try {
      folder = Files.createTempDirectory("bench-barrier");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for a certificate", e);
    }
    FaultProxy.Builder builder = FaultProxy.to(subject.address());
    String key = subject.scheme() + ".ca-file";
    if (!subject.address().getScheme().equals("https")) {
      FaultProxy proxy = builder.start();
      return new FaultyLink(proxy, subject.at(proxy.uri()), folder);
    }
    TestAuthority authority = TestAuthority.create();
    FaultProxy proxy =
        builder.trusting(trusting(Path.of(subject.setting(key)))).presenting(authority).start();
    String certificate = authority.writePem(folder).toString();
    return new FaultyLink(proxy, subject.at(proxy.uri()).with(key, certificate), folder);
  }

  FaultProxy proxy() {
    return proxy;
  }

  /** The participant behind the barrier. */
  ParticipantAccess subject() {
    return subject;
  }

  /** Trusts the certificates of a PEM file and no other. */
  static SSLContext trusting(Path certificates) {
    try (InputStream in = Files.newInputStream(certificates)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Cannot trust the certificates of " + certificates, e);
    }
  }

  @Override
  public void close() {
    proxy.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }
}
