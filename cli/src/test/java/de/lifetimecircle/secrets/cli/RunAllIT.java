package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The play of the whole case with the packaged command, on each backend, ends with a status without
 * a gap; nothing that it prints or leaves shows any value that was ever stored in it. The short
 * form is on files; {@code -Dplay.backends=all} has all four, as {@code ./verify --full}.
 */
class RunAllIT {
  /** Writes down what was made, a line each. */
  private static final String PEEK =
      "for name in LTC_SECRET_KEY DB_ADMIN_PW ADMIN_API_TOKEN; do"
          + " env -u SECRETS_AUDIT_LOG \"$LAUNCHER\" get prod/$name >> \"$PEEKED\" 2>/dev/null"
          + " && echo >> \"$PEEKED\"; done";

  /**
   * The launcher, and a look after each command that makes a value: a retired one is not given out.
   */
  private static final String WATCHED =
      "#!/bin/sh\n\"$LAUNCHER\" \"$@\"\ncode=$?\n"
          + "case \"$1\" in generate | rotate | emergency) "
          + PEEK
          + " ;; esac\nexit $code\n";

  @TempDir static Path common;
  private static Installation installed;
  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    installed = Installation.shared(common);
  }

  static List<String> backends() {
    return "all".equals(System.getProperty("play.backends"))
        ? List.of("gpg", "aws", "azure", "vault")
        : List.of("gpg");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void endsWithoutAGapAndShowsNoValue(String backend) throws IOException {
    Path play = Files.createDirectories(folder.resolve("play"));
    Path peeked = folder.resolve("peeked");
    Path launcher = Files.writeString(folder.resolve("secrets"), WATCHED);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    installed.environment.put("LAUNCHER", installed.command());
    installed.environment.put("LTC_LAUNCHER", launcher.toString());
    installed.environment.put("LTC_FOLDER", play.toString());
    installed.environment.put("PEEKED", peeked.toString());
    installed.environment.put("M2", System.getProperty("user.home") + "/.m2");
    String script = Path.of("../examples/ltc/run-all").toRealPath().toString();
    Result result = installed.run(script, backend);
    assertThat(result.code()).as(result.text() + result.err()).isZero();
    String status = result.text().substring(result.text().lastIndexOf("$ secrets status"));
    assertThat(status.lines().filter(line -> line.matches("\\[[xc]] .*"))).hasSize(11);
    assertThat(status).doesNotContain("[ ]");
    List<String> values = Files.readAllLines(peeked).stream().distinct().toList();
    // Generated, then one of them rotated and replaced in an emergency.
    assertThat(values.size()).isEqualTo(5);
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
