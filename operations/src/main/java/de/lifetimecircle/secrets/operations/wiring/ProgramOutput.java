package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.scan.StreamRedaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the output of a program goes: to our own streams, or through a filter that hides the values
 * that the program was given. The filter leaves a stream that begins with binary data, and every
 * other byte, as it is. One thread begins; any may wait.
 */
public final class ProgramOutput {
  /** A stream whose beginning has a NUL byte is binary, as for git, unless it is UTF-8. */
  private static final int SAMPLE = 8000;

  /** A program that was left behind may keep a stream open for ever. */
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final @Nullable OutputStream out;
  private final @Nullable OutputStream err;
  private final List<Thread> copying = new CopyOnWriteArrayList<>();

  /**
   * Creates a filter.
   *
   * @param out the receiver of the filtered standard output; null to leave it as it is
   * @param err the receiver of the filtered standard error; null to leave it as it is
   */
  public ProgramOutput(@Nullable OutputStream out, @Nullable OutputStream err) {
    this.out = out;
    this.err = err;
  }

  /** Returns no filter: the program has our own streams. */
  public static ProgramOutput inherited() {
    return new ProgramOutput(null, null);
  }

  /** Prepares the start of a program whose streams are inherited so far. */
  public void prepare(ProcessBuilder builder) {
    if (out != null) {
      builder.redirectOutput(ProcessBuilder.Redirect.PIPE);
    }
    if (err != null) {
      builder.redirectError(ProcessBuilder.Redirect.PIPE);
    }
  }

  /**
   * Begins to copy what the program prints, on threads of their own.
   *
   * @param values the values to hide, by the names that are shown instead
   */
  public void begin(Process program, Map<String, byte[]> values) {
    if (out != null) {
      begin(program.getInputStream(), out, StreamRedaction.of(values), "secrets-program-out");
    }
    if (err != null) {
      begin(program.getErrorStream(), err, StreamRedaction.of(values), "secrets-program-err");
    }
  }

  private void begin(InputStream from, OutputStream to, StreamRedaction redaction, String name) {
    Thread thread = new Thread(() -> copy(from, to, redaction), name);
    thread.setDaemon(true);
    copying.add(thread);
    thread.start();
  }

  private static void copy(InputStream from, OutputStream to, StreamRedaction redaction) {
    try (redaction;
        PushbackInputStream in = new PushbackInputStream(from, SAMPLE)) {
      byte[] sample = new byte[SAMPLE];
      int length = Math.max(0, in.read(sample));
      in.unread(sample, 0, length);
      if (isBinary(sample, length)) {
        copyExactly(in, to);
      } else {
        long unused = redaction.copy(in, to);
      }
    } catch (IOException e) {
      return; // our reader has gone; closing the pipe tells the program so
    }
  }

  /** {@code env -0} separates texts by NUL, and they are texts. */
  private static boolean isBinary(byte[] sample, int length) {
    boolean hasNul = false;
    for (int i = 0; i < length; i++) {
      hasNul |= sample[i] == 0;
    }
    // The last character may be cut off, so this is not the end of the input.
    return hasNul
        && StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(sample, 0, length), CharBuffer.allocate(length), false)
            .isError();
  }

  private static void copyExactly(InputStream in, OutputStream to) throws IOException {
    byte[] buffer = new byte[SAMPLE];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      to.write(buffer, 0, read);
      to.flush();
    }
  }

  /** Blocks until all output of an ended program is written, for a few seconds at most. */
  public void await() {
    try {
      for (Thread thread : copying) {
        thread.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
