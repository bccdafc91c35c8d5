package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scanning and moving as processes: the hook that git calls, and a migration that is killed. */
class ScanAndMoveIT {
  @TempDir static Path folder;
  private static Installation installed;
  private final StringBuilder transcript = new StringBuilder();

  @BeforeAll
  static void unpack() throws IOException {
    installed = Installation.shared(folder);
  }

  private Result shell(int code, String script) throws IOException {
    Result result = installed.shell("set -e\n" + script);
    assertThat(result.code()).as(script + ": " + result.text() + result.err()).isEqualTo(code);
    transcript.append(result.text()).append(result.err());
    return result;
  }

  @Test
  void theHookKeepsAValueOutOfACommit() throws IOException {
    shell(
        0,
        """
        git config --global user.name Ann; git config --global user.email ann@example.com
        git init -q service; cd service; secrets init --inventory
        secrets generate --all || true
        git add secrets.yaml; secrets scan --install-hook; git commit -q -m one
        """);
    String value = installed.succeed("get", "prod/LTC_SECRET_KEY");
    try (LeakProbe probe = LeakProbe.start()) {
      probe.watch("value", value);
      Path file = installed.home.resolve("service/config.txt");
      Files.writeString(file, HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)));
      shell(1, "cd service; git add -A; git commit -q -m leak");
      assertThat(transcript)
          .contains("FOUND prod/LTC_SECRET_KEY: version 1 (current), hex, in config.txt:1")
          .contains("NEXT  secrets emergency LTC_SECRET_KEY");
      shell(9, "cd service; git commit -q --no-verify -m leak; secrets scan --git .");
      assertThat(transcript).contains("since commit ").contains("by Ann <ann@example.com>");
      shell(5, "cd service; GIT_TEST_ASSUME_DIFFERENT_OWNER=1 secrets scan --git secrets.yaml");
      assertThat(transcript).contains("fatal: detected dubious ownership", "safe.directory FOLDER");
      shell(0, "cd service; git rm -q config.txt; git commit -q -m gone");
      shell(1, "cd service; echo x > y; git add y; SECRETS_GPG_STORE=/nowhere git commit -q -m x");
      assertThat(transcript).contains("secrets: Cannot");
      probe.look("transcript", transcript).assertClean();
    }
  }

  private static void store(String name) throws IOException {
    String settings =
        "backend=gpg\ngpg.store="
            + installed.home.resolve("store-" + name)
            + "\ngpg.key-file="
            + installed.home.resolve("key-" + name + ".pgp");
    Files.writeString(installed.home.resolve(name + ".properties"), settings);
  }

  @Test
  void aMigrationThatIsKilledGoesOn() throws IOException {
    store("a");
    store("b");
    shell(
        0,
        """
        export SECRETS_CONFIG=$PWD/a.properties
        secrets init; secrets generate K1 K2 K3 K4 K5 K6 K7 K8
        secrets rotate K1; secrets rotate K1; secrets rotate K2
        SECRETS_CONFIG=$PWD/b.properties secrets init
        """);
    Path journal = installed.home.resolve("secrets-migration.journal");
    for (int lines = 1; lines < 18; lines += 4) {
      Process process =
          installed.start(installed.command(), "migrate", "a.properties", "b.properties");
      while (process.isAlive() && linesOf(journal) < lines) {
        LockSupport.parkNanos(1_000_000);
      }
      process.toHandle().destroyForcibly(); // kill -9; its output can still be read
      Installation.end(process);
    }
    Result last = shell(0, "secrets migrate a.properties b.properties");
    assertThat(last.err()).contains("Resuming the migration");
    assertThat(last.text()).contains("SAME            K1\n").contains("SAME            K8\n");
    assertThat(shell(0, "secrets --config b.properties versions K1").text()).hasLineCount(4);
    assertThat(shell(0, "secrets --config b.properties versions K8").text()).hasLineCount(2);
    shell(0, "secrets migrate a.properties b.properties --rollback --yes");
    assertThat(shell(0, "secrets --config b.properties list").text()).isEmpty();
  }

  private static long linesOf(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1).lines().count();
  }
}
