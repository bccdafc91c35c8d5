package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.TestKeys;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither a value nor the passphrase shows in a message, a log, a text form or a file. */
class GpgLeakTest {
  @TempDir private Path home;

  @Test
  void nothingShowsWhateverFails() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String value = probe.canary("value");
      String passphrase = probe.canary("passphrase");
      Path file = home.resolve("passphrase");
      Files.writeString(file, passphrase);
      Files.setPosixFilePermissions(file, TestStore.FILE_RIGHTS);
      TestStore on = new TestStore(home).with("passphrase-file", file.toString());
      try (GpgStore store = on.open()) {
        PutRequest request = PutRequest.always("a", SecretValue.of(value));
        probe.look("result", store.put(request)).look("request", request);
        probe.look("secret", store.fetch("a")).look("facts", store.describe("a"));
        probe.look("check", store.check()).look("store", store);
        probe.look("versions", store.versions("a")).look("config", on.config());
        probe.look("settings", GpgConfig.of(on.config()));
      }
      Path key = home.resolve("key.pgp");
      Files.write(key, TestKeys.quickToUnlock(Files.readAllBytes(key), passphrase));
      try (GpgStore store = on.open()) {
        assertThat(TestStore.get(store, "a"))
            .as("with the key that was locked again")
            .isEqualTo(value);
      }
      on.copyTo(home.resolve("base"));
      for (String damaged : on.files()) {
        damage(on, damaged, value, probe);
      }
      Files.writeString(file, passphrase + "x");
      try (GpgStore store = on.open()) {
        Throwable wrong = catchThrowable(() -> store.fetch("a"));
        assertThat(wrong).isNotNull();
        probe.look("wrong passphrase", wrong);
      }
      probe.lookAtFiles(on.folder).lookAtProcesses().assertClean();
    }
  }

  /** A value that is served from a file of another program, and never becomes one of ours. */
  @Test
  void nothingShowsOfAFileThatIsKeptApart() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String value = probe.canary("value");
      TestStore on = new TestStore(home).with("foreign-edits", "adopt");
      try (GpgStore store = on.open()) {
        store.put(PutRequest.always("team/own", SecretValue.of(value)));
        String own = store.recipients().get(0);
        PgpCertificate certificate = PgpCertificate.parse(on.bytes(".fgp/certs/" + own + ".asc"));
        on.write("team/.gpg-id", "somebody@example.org\n".getBytes(StandardCharsets.UTF_8));
        on.write(
            "team/db.gpg",
            PgpCodec.encrypt(
                value.getBytes(StandardCharsets.UTF_8), List.of(certificate), Instant.now()));
        StoredSecret read = store.fetch("team/db");
        assertThat(read.version()).startsWith("file-");
        probe.look("secret", read).look("facts", store.describe("team/db"));
        probe.look("versions", store.versions("team/db"));
        probe.look("findings", store.recipientFindings());
        PutRequest request = PutRequest.always("team/db", SecretValue.of(value + value));
        probe.look("refused write", catchThrowable(() -> store.put(request)));
        on.write("team/db.gpg", value.getBytes(StandardCharsets.UTF_8));
        probe.look("damaged", catchThrowable(() -> store.fetch("team/db")));
        on.delete("team/db.gpg");
      }
      probe.lookAtFiles(on.folder).lookAtProcesses().assertClean();
    }
  }

  private void damage(TestStore on, String file, String value, LeakProbe probe) {
    try (GpgStore store = on.open()) {
      for (byte[] content :
          List.of(new byte[0], new byte[] {1}, value.getBytes(StandardCharsets.UTF_8))) {
        on.write(file, content);
        probe.look("read of damaged " + file, catchThrowable(() -> store.fetch("a")));
        probe.look(
            "write over damaged " + file,
            catchThrowable(
                () -> store.put(PutRequest.pending("a", SecretValue.of(value + value)))));
        on.restoreFrom(home.resolve("base"));
      }
    }
  }
}
