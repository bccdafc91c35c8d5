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

/** Takes a value in: from a file, from standard input, or from a prompt without echo. */
public final class ValueInput {
  /** More than any backend takes; the backend's own limit is checked by the backend. */
  private static final int MAXIMUM_SIZE = 8 * 1024 * 1024;

  private ValueInput() {}

  /**
   * Returns the whole content of a file, or of a named pipe.
   *
   * @throws CommandFailure if it cannot be read or is larger than 8 MiB
   */
  public static byte[] fromFile(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return bounded(in);
    } catch (IOException e) {
      throw CommandFailure.io("read the value from the file of --file", e);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("Cannot use --file: not a path of this system.");
    }
  }

  /**
   * Reads standard input to its end; blocks until then.
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
   * Reads to the end, and leaves no copy behind. Not {@code readNBytes}: that of a file asks for
   * the position first, which a pipe has not.
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
            "Cannot store the value: it is larger than 8 MiB, which no backend takes.");
      }
      if (size == bytes.length) {
        bytes = resized(bytes, 2 * size);
      }
      read = in.read(bytes, size, bytes.length - size);
    }
    return resized(bytes, size);
  }

  /** The same bytes in an array of that size; the old one is overwritten. */
  private static byte[] resized(byte[] bytes, int size) {
    byte[] resized = Arrays.copyOf(bytes, size);
    Arrays.fill(bytes, (byte) 0);
    return resized;
  }

  /** Asks twice, because nobody sees what is typed. */
  public static byte[] fromPrompt(Terminal terminal, String name) {
    char[] first = terminal.askHidden("Value of '" + Output.printable(name) + "': ");
    char[] second = terminal.askHidden("Once more: ");
    try {
      if (!Arrays.equals(first, second)) {
        throw CommandFailure.usage("Cannot take the value: the two entries differ. Try again.");
      }
      return encode(first);
    } finally {
      Arrays.fill(first, '\0');
      Arrays.fill(second, '\0');
    }
  }

  private static byte[] encode(char[] chars) {
    // Three bytes for a char at most: those of four take two chars.
    byte[] room = new byte[3 * chars.length];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), encoded, true);
    if (result.isError()) {
      Arrays.fill(room, (byte) 0);
      throw CommandFailure.invalid("Cannot take the value: it has half of a character.");
    }
    return resized(room, encoded.position());
  }

  /** Without one line end at its end, of either kind. */
  public static byte[] trimNewline(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
      if (end > 0 && bytes[end - 1] == '\r') {
        end--;
      }
    }
    return resized(bytes, end);
  }

  /** Returns whether the last byte is a line feed. */
  public static boolean endsWithNewline(byte[] bytes) {
    return bytes.length > 0 && bytes[bytes.length - 1] == '\n';
  }

  /** The value with these bytes, which are overwritten. */
  public static SecretValue taken(byte[] bytes) {
    try {
      return SecretValue.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
