package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a value from a file, from standard input, or from a prompt without echo. Stateless.
 *
 * <p>Every buffer that held the value is overwritten before it is dropped. That is why this class
 * grows its own arrays: {@code readAllBytes} and {@code ByteArrayOutputStream} leave copies of the
 * value on the heap, and a heap dump would show them.
 */
public final class ValueInput {
  /** More than any backend accepts; each backend checks its own, lower limit. */
  private static final int MAXIMUM_SIZE = 8 * 1024 * 1024;

  private ValueInput() {}

  /**
   * Returns the whole content of a file, or of a named pipe.
   *
   * @param what the file in a message, such as {@code the file of --file}
   * @throws CommandFailure if it cannot be read or is larger than 8 MiB
   */
  public static byte[] fromFile(String file, String what) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return bounded(in);
    } catch (IOException e) {
      throw CommandFailure.io("read " + what, e);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("Cannot read " + what + ": its name is not a valid path.");
    }
  }

  /**
   * Reads standard input to its end; blocks until then. Tells a person at a terminal, whose echo
   * the launcher has switched off, that nothing will be shown.
   *
   * @throws CommandFailure if it cannot be read or is larger than 8 MiB
   */
  public static byte[] fromInput(CommandSession session) {
    if (session.terminal.inputIsTerminal()) {
      session.hint("reads the terminal and does not show what you type; Ctrl-D ends it.");
    }
    return fromStream(session.terminal.in());
  }

  /**
   * Reads a stream to its end; blocks until then.
   *
   * @throws CommandFailure if it cannot be read or is larger than 8 MiB
   */
  public static byte[] fromStream(InputStream in) {
    try {
      return bounded(in);
    } catch (IOException e) {
      throw CommandFailure.io("read the value from standard input", e);
    }
  }

  /**
   * Reads to the end, or fails above the limit. Not by {@code readNBytes}: for a file it asks for
   * the position first, and a named pipe has none, so {@code --file <(command)} would fail.
   */
  private static byte[] bounded(InputStream in) throws IOException {
    byte[] bytes = new byte[8192];
    int size = 0;
    int read = in.read(bytes, size, bytes.length - size);
    while (read >= 0) {
      size += read;
      if (size > MAXIMUM_SIZE) {
        Arrays.fill(bytes, (byte) 0);
        throw CommandFailure.invalid(
            "Cannot store the value: it is larger than 8 MiB, more than any backend accepts.");
      }
      if (size == bytes.length) {
        bytes = resized(bytes, 2 * size);
      }
      read = in.read(bytes, size, bytes.length - size);
    }
    return resized(bytes, size);
  }

  /** Returns the bytes in a new array of that size and overwrites the old array. */
  private static byte[] resized(byte[] bytes, int size) {
    byte[] resized = Arrays.copyOf(bytes, size);
    Arrays.fill(bytes, (byte) 0);
    return resized;
  }

  /**
   * Asks for the value twice, because a typing mistake is invisible without echo.
   *
   * @throws CommandFailure if the entries differ
   */
  public static byte[] fromPrompt(Terminal terminal, String name) {
    char[] first = terminal.askHidden("Value of '" + Output.printable(name) + "': ");
    char[] second = terminal.askHidden("Again: ");
    try {
      if (!Arrays.equals(first, second)) {
        throw CommandFailure.usage("Cannot use the value: the two entries differ. Try again.");
      }
      return encode(first);
    } finally {
      Arrays.fill(first, '\0');
      Arrays.fill(second, '\0');
    }
  }

  private static byte[] encode(char[] chars) {
    // A char needs three bytes at most: a character of four bytes consists of two chars. Encoding
    // into this array instead of through a String leaves no copy that cannot be overwritten.
    byte[] room = new byte[3 * chars.length];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), encoded, true);
    if (result.isError()) {
      Arrays.fill(room, (byte) 0);
      throw CommandFailure.invalid(
          "Cannot use the value: it contains half of a character (an unpaired surrogate).");
    }
    return resized(room, encoded.position());
  }

  /** Returns the bytes without one line end, of either kind, and overwrites the given array. */
  public static byte[] trimNewline(byte[] bytes) {
    byte[] trimmed = trimLineFeed(bytes);
    return trimmed.length < bytes.length && endsWith(trimmed, '\r')
        ? resized(trimmed, trimmed.length - 1)
        : trimmed;
  }

  /** Returns the bytes without one final line feed, and overwrites the given array. */
  public static byte[] trimLineFeed(byte[] bytes) {
    return resized(bytes, endsWith(bytes, '\n') ? bytes.length - 1 : bytes.length);
  }

  /** Returns whether the last byte is that ASCII character. */
  public static boolean endsWith(byte[] bytes, char last) {
    return bytes.length > 0 && bytes[bytes.length - 1] == last;
  }

  /** Returns a value with these bytes and overwrites the given array. */
  public static SecretValue taken(byte[] bytes) {
    try {
      return SecretValue.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
