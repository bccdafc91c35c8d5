package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Keys for tests that need no gpg, and the committed fixtures. */
public final class TestKeys {

  private TestKeys() {}

  public static PgpIdentity identity(String userId) throws PgpFailure {
    return PgpIdentity.fromKeyFile(PgpKeyGenerator.generate(userId, null, TestMessages.NOW), null);
  }

  static PgpIdentity locked(String userId, char @Nullable [] passphrase) throws PgpFailure {
    byte[] file = PgpKeyGenerator.generate(userId, passphrase, TestMessages.NOW);
    return PgpIdentity.fromKeyFile(file, passphrase);
  }

  /** A throw-away key, committed with the fixture it opens; it protects nothing. */
  static byte[] throwAwayKeyFile() {
    return resource("throw-away-test-key.asc");
  }

  /** Written by gpg 2.4.7 with --force-ocb: packet tag 20. */
  static byte[] writtenByGpg24() {
    return resource("gpg-2.4.7-ocb.asc");
  }

  private static byte[] resource(String name) {
    try (InputStream in = TestKeys.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("test resource is missing: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
