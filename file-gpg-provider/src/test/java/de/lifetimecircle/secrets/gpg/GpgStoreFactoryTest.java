package de.lifetimecircle.secrets.gpg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.nio.file.FileSystems;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** On which systems the store of files opens. */
class GpgStoreFactoryTest {
  @Test
  void systemWithoutUnixFilesIsRefusedByName() {
    assertThatThrownBy(
            () ->
                GpgStoreFactory.requireUnix(
                    Set.of("basic", "owner", "dos", "acl", "user"), "Windows 11"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
              assertThat(e).hasMessageContainingAll("Windows 11", "WSL", "aws, azure or vault");
            });
    GpgStoreFactory.requireUnix(FileSystems.getDefault().supportedFileAttributeViews(), "this");
  }
}
