package de.lifetimecircle.secrets.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Records the console output, and passes it on. */
@OutsideTheRules
final class OutputTap implements AutoCloseable {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Copy outCopy = new Copy(out);
  private final Copy errCopy = new Copy(err);

  private static final class Copy extends OutputStream {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final PrintStream original;

    Copy(PrintStream original) {
      this.original = original;
    }

    @Override
    public void write(int b) {
      seen.write(b);
      original.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      seen.write(bytes, offset, length);
      original.write(bytes, offset, length);
    }

    @Override
    public void flush() {
      original.flush();
    }

    String text() {
      return seen.toString(StandardCharsets.UTF_8);
    }
  }

  static OutputTap open() {
    OutputTap tap = new OutputTap();
    System.setOut(new PrintStream(tap.outCopy, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(tap.errCopy, true, StandardCharsets.UTF_8));
    return tap;
  }

  String printed() {
    System.out.flush();
    return outCopy.text();
  }

  String complained() {
    System.err.flush();
    return errCopy.text();
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
  }
}
