package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.scan.StreamRedaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the last whole line of the output of a hook. Values are hidden as {@code secrets redact}
 * hides them; an output that {@link OutputLeakCheck} objects to has no such line. Stateless.
 */
final class LastLine {
  /** A terminal shows no more of it. */
  private static final int LONGEST = 200;

  private LastLine() {}

  /** Returns the line; empty if there is none yet, or if the output shows a value. */
  static String of(byte[] output, Collection<SecretValue> values) {
    if (OutputLeakCheck.shows(new String(output, StandardCharsets.ISO_8859_1), values)) {
      return "";
    }
    Map<String, byte[]> hidden = hidden(values);
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (StreamRedaction redaction = StreamRedaction.of(hidden)) {
      long unused = redaction.copy(new Complete(output, wholeLines(output)), shown);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: both streams are in memory
    } finally {
      hidden.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0));
    }
    List<String> lines =
        shown.toString(StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
    String printable = last.replaceAll("[\\p{Cntrl}\ufffd]", "?");
    return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
  }

  /** A value of several lines may be printed line by line, so each line counts as a value. */
  private static Map<String, byte[]> hidden(Collection<SecretValue> values) {
    Map<String, byte[]> hidden = new LinkedHashMap<>();
    for (SecretValue value : values) {
      byte[] bytes = value.asBytes();
      String name = "value " + (hidden.size() + 1);
      hidden.put(name, bytes);
      int from = 0;
      for (int i = 0; i <= bytes.length; i++) {
        if (i == bytes.length || bytes[i] == '\n') {
          if (i - from < bytes.length) {
            hidden.put(name + " from " + from, Arrays.copyOfRange(bytes, from, i));
          }
          from = i + 1;
        }
      }
    }
    return hidden;
  }

  /** The rest may be the beginning of a value. */
  private static int wholeLines(byte[] output) {
    int end = output.length;
    while (end > 0 && output[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  /** A stream for which nobody need wait. */
  private static final class Complete extends ByteArrayInputStream {
    Complete(byte[] bytes, int count) {
      super(bytes, 0, count);
    }

    @Override
    public synchronized int available() {
      return 1;
    }
  }
}
