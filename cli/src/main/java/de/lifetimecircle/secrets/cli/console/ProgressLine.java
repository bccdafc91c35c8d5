package de.lifetimecircle.secrets.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The line of a terminal that says how far a command is. The next one replaces it, and other output
 * removes it, so that no estimate of a minute ago stays on the screen. Thread-safe.
 */
final class ProgressLine {
  /** A longer text would wrap, and then stay. */
  private static final int LONGEST = 79;

  private static final String REMOVE = "\r\u001b[K";

  private final OutputStream screen;
  private boolean shown;

  ProgressLine(OutputStream screen) {
    this.screen = screen;
  }

  /** Shows a line; the empty one removes what is shown. */
  synchronized void show(String text) {
    if (text.isEmpty() && !shown) {
      return;
    }
    String line = Output.printable(text).replace('\n', ' ');
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    shown = !text.isEmpty();
    try {
      screen.write((REMOVE + cut).getBytes(StandardCharsets.UTF_8));
      screen.flush();
    } catch (IOException e) {
      shown = false; // the terminal has gone, and so has the person
    }
  }

  /** Returns a stream that removes the line before it writes. */
  OutputStream before(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        show("");
        out.write(bytes, from, count);
      }

      @Override
      public void write(int b) throws IOException {
        show("");
        out.write(b);
      }
    };
  }
}
