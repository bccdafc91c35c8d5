package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code secrets agent} as users start it, when it crashes. */
class AgentProcessIT {
  @TempDir Path folder;

  /** The memory of a crashed agent is full of values: no file may have it, whatever the limits. */
  @Test
  void crashLeavesNoFileWithAValue() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String value = probe.canary("value of the agent");
      Installation installed = Installation.shared(folder);
      Path run = Files.createDirectory(folder.resolve("run"));
      String script =
          "ulimit -c unlimited; printf %s "
              + value
              + " | secrets put APP_KEY >&2; cd "
              + run
              + "; secrets agent --listen none --socket "
              + run
              + "/agent.sock 2>log & agent=$!; i=0; until [ -S agent.sock ] || [ $i -gt 600 ]; do"
              + " sleep 0.1; i=$((i + 1)); done; curl -s --unix-socket agent.sock"
              + " http://localhost/v1/secrets/APP_KEY | wc -c; kill -SEGV $agent; wait $agent; echo"
              + " code $?";
      Installation.Result result = installed.shell(script);
      assertThat(result.text().strip().split("\\s+", 2)[0])
          .as(result.err())
          .isEqualTo(String.valueOf(value.length()));
      assertThat(result.text()).as("it crashed").containsPattern("code (134|139|6|11|1)");
      assertThat(names(run)).containsOnly("agent.sock", "log");
      probe.look("its log", Files.readString(run.resolve("log")));
      probe.look("standard error", result.err());
      probe.assertClean();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
