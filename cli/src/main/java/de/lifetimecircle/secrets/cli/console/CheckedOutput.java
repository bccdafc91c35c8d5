package de.lifetimecircle.secrets.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Throws when the {@link PrintStream} has failed; the stream itself only sets a flag. A filter
 * whose reader has gone would otherwise read its input to the end, which may never come. Not
 * thread-safe.
 */
public final class CheckedOutput extends OutputStream {
  /** A check flushes, which costs too much for each of many short texts. */
  private static final int OFTEN = 64 * 1024;

  private final PrintStream out;
  private int unchecked;

  /** Creates an output that checks this one. */
  public CheckedOutput(PrintStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    out.write(bytes, from, count);
    unchecked += count;
    if (unchecked >= OFTEN) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    unchecked = 0;
    if (out.checkError()) {
      throw new IOException("the reader has closed the pipe, or the disk is full");
    }
  }
}
