package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        builder
            .trusting(PemTls.trusting(Path.of(subject.setting(key))).context())
            .presenting(authority)
            .start();
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

  @Override
  public void close() {
    proxy.close();
    try {
      WholeFolders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }
}
