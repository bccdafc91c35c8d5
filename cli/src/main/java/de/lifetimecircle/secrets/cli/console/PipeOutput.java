package de.lifetimecircle.secrets.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Remembers whether the reader of a pipe has closed it, which a {@link java.io.PrintStream} does
 * not say: a reader that has seen enough is no failure, a full disk is. One thread writes.
 */
final class PipeOutput extends OutputStream {
  private final OutputStream out;
  private volatile boolean readerHasGone;

  PipeOutput(OutputStream out) {
    this.out = out;
  }

  boolean readerHasGone() {
    return readerHasGone;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      // The JDK has no type for it; its text is the system's, and the launcher's locale is English.
      readerHasGone |=
          String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
