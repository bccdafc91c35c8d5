package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.TrustedPath;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another user leads the log of root to a file of root; {@code su} keeps its variable. */
class ForeignLogTest {
  @TempDir private Path ours;

  @Test
  void rootAppendsNothingThroughALinkOfAnotherUser() throws IOException {
    Path file = Files.writeString(ours.resolve("profile"), "ours\n");
    try (SecondAccount mallory = SecondAccount.create()) {
      mallory.run("ln", "-s", file.toString(), "audit.log");
      mallory.run("ln", "-s", ours.toString(), "logs");
      for (String name : new String[] {"audit.log", "logs/audit.log"}) {
        Path log = mallory.home().resolve(name);
        if (TrustedPath.isRoot()) {
          assertThatThrownBy(() -> AuditFile.open(log.toString()))
              .isInstanceOf(SecretException.class)
              .hasMessageContaining("is a link of " + mallory.name());
        }
      }
    }
    assertThat(file).hasContent("ours");
    assertThat(ours.resolve("audit.log")).doesNotExist();
  }
}
