package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command from an empty store to one that passes its check; no value is left about.
 */
class OperationsIT {
  /** The URL is not among them: it begins as the template in the inventory does. */
  private static final List<String> MADE =
      List.of("prod/LTC_SECRET_KEY", "prod/DB_ADMIN_PW", "prod/ADMIN_API_TOKEN");

  /** Arguments and environment of the process that makes the values, as long as it runs. */
  private static final String WATCHED =
      "secrets generate --all & p=$!; while kill -0 $p 2>/dev/null; do"
          + " cat /proc/$p/cmdline /proc/$p/environ 2>/dev/null | tr '\\0' '\\n'; sleep 0.05;"
          + " done; wait $p";

  @TempDir static Path folder;
  private final StringBuilder transcript = new StringBuilder();

  private void say(Result result, int code) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    transcript.append(result.text()).append(result.err());
  }

  @Test
  void playsTheSeed() throws IOException {
    Installation installed = Installation.shared(folder);
    say(installed.secrets("init", "--inventory"), 0);
    say(installed.secrets("check"), ExitCode.FOUND.code());
    say(installed.shell(WATCHED), ExitCode.NOT_FOUND.code());
    assertThat(transcript).contains("HOME=").contains("Created 'prod/LTC_SECRET_KEY'");
    for (String part :
        List.of("DB_USERNAME postgres", "DB_HOST db.example.com", "DB_PORT 5432", "DB_NAME ltc")) {
      String[] words = part.split(" ", 2);
      say(
          installed.shell("echo " + words[1] + " | secrets put " + words[0] + " --trim-newline"),
          0);
    }
    say(installed.secrets("generate", "--all"), 0);
    say(installed.secrets("check"), 0);
    say(installed.secrets("check", "--json"), 0);
    say(installed.secrets("document"), 0);
    say(
        installed.shell(
            "mkdir -p a/b && cd a/b && secrets check && secrets put DB_NAME </dev/null"),
        5);
    for (String backend : List.of("aws", "azure", "vault", "gpg")) {
      say(installed.secrets("policy", "--for", "service", "--backend", backend), 0);
    }
    try (LeakProbe probe = LeakProbe.start()) {
      for (String name : MADE) {
        probe.watch(name, installed.succeed("get", name));
      }
      probe
          .look("transcript", transcript)
          .lookAtFiles(installed.home)
          .lookAtProcesses()
          .assertClean();
    }
    assertThat(transcript).contains("LTC_SECRET_KEY").contains("GetSecretValue");
  }
}
