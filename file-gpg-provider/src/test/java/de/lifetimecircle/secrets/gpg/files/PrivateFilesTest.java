package de.lifetimecircle.secrets.gpg.files;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who else may read a key or a passphrase. */
class PrivateFilesTest {
  @TempDir Path home;

  /** The mode of a credential that systemd gives to a service, and narrower ones. */
  @ParameterizedTest
  @ValueSource(ints = {0440, 0640, 0400, 0600})
  void rootMayLendAFileToAGroup(int mode) {
    assertThat(mode & PrivateFiles.forbidden(true)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0444, 0404, 0460, 0420, 0410, 0402})
  void othersMayNotReadAFileOfRoot(int mode) {
    assertThat(mode & PrivateFiles.forbidden(true)).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--r-----", "rw-r-----", "r-----r--"})
  void nobodyElseMayReadAFileOfOurs(String mode) throws Exception {
    Path file = Files.createFile(home.resolve("key.pgp"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertFails(
        Kind.ACCESS_DENIED,
        "can be read or written by others",
        () -> GpgErrors.call("read", null, () -> PrivateFiles.read("key file", file, 10)));
  }
}
