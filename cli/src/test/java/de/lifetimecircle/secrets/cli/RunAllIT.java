package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The play of the whole case with the packaged command, on each backend, ends with a status without
 * a gap; nothing that it prints or leaves shows any value that was ever stored in it.
 */
class RunAllIT {
  /** Every version of what was made, a line each, where the play is still on. */
  private static final String PEEK =
      "for name in LTC_SECRET_KEY DB_ADMIN_PW ADMIN_API_TOKEN; do"
          + " for version in $(secrets versions prod/$name | awk 'NR > 1 { print $1 }'); do"
          + " secrets get prod/$name --version $version && echo; done; done > \"$PEEKED\"";

  @TempDir static Path common;
  private static Installation installed;
  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    installed = Installation.unpack(common);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpg", "aws", "azure", "vault"})
  void endsWithoutAGapAndShowsNoValue(String backend) throws IOException {
    Path play = Files.createDirectories(folder.resolve("play"));
    Path peeked = folder.resolve("peeked");
    installed.environment.put("LTC_LAUNCHER", installed.command());
    installed.environment.put("LTC_FOLDER", play.toString());
    installed.environment.put("PEEKED", peeked.toString());
    installed.environment.put("M2", System.getProperty("user.home") + "/.m2");
    String script = Path.of("../examples/ltc/run-all").toRealPath().toString();
    Result result = installed.run(script, backend, "--then", "sh", "-c", PEEK);
    assertThat(result.code()).as(result.text() + result.err()).isZero();
    String status = result.text().substring(result.text().lastIndexOf("$ secrets status"));
    assertThat(status.lines().filter(line -> line.matches("\\[[xc]] .*"))).hasSize(11);
    assertThat(status).doesNotContain("[ ]");
    List<String> values = Files.readAllLines(peeked);
    assertThat(values)
        .as("each of three, the rotated one in several versions")
        .hasSizeGreaterThan(4);
    try (LeakProbe probe = LeakProbe.start()) {
      for (int i = 0; i < values.size(); i++) {
        probe.watch("value " + i, values.get(i));
      }
      probe
          .look("transcript", result.text())
          .look("errors", result.err())
          .lookAtFiles(play)
          .lookAtFiles(installed.home)
          .lookAtProcesses()
          .assertClean();
    }
  }
}
