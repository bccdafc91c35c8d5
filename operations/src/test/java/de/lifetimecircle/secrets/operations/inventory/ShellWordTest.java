package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words as a person pastes them into a shell that keeps a history. */
class ShellWordTest {
  private static final List<String> NAMES =
      List.of("prod/KEY", "rds!db-1234", "a b", "say \"hi\"", "$HOME/`id`", "it's", "!!", "ü\\n");

  @Test
  void anInteractiveShellReadsEachWordAsItIs() throws IOException {
    Process shell =
        new ProcessBuilder("bash", "--norc", "--noprofile", "-i")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    StringBuilder lines = new StringBuilder("echo begin\n");
    NAMES.forEach(
        name -> lines.append("printf '<%s>\\n' ").append(ShellWord.of(name)).append('\n'));
    shell.getOutputStream().write(lines.toString().getBytes(StandardCharsets.UTF_8));
    shell.getOutputStream().close();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    NAMES.forEach(name -> assertThat(read).contains("<" + name + ">\n"));
  }
}
