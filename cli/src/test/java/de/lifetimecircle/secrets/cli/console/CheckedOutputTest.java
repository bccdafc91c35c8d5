package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CheckedOutputTest {
  private static final class Gone extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  @Test
  void aReaderThatHasGoneIsAFailure() throws IOException {
    try (PrintStream out = new PrintStream(new Gone(), false, StandardCharsets.UTF_8);
        CheckedOutput checked = new CheckedOutput(out)) {
      checked.write(1); // noticed later: a check for each byte would cost too much
      assertThatThrownBy(() -> checked.write(new byte[64 * 1024]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed the pipe");
      assertThatThrownBy(checked::flush).isInstanceOf(IOException.class);
    }
  }
}
