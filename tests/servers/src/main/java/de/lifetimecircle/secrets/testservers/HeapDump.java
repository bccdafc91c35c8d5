package de.lifetimecircle.secrets.testservers;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * A dump of the heap of a process, and the search in it for a text that nothing may hold any more.
 * The process that is dumped must not know the text by another way than the one under test, so it
 * is a process of its own. Stateless.
 */
@OutsideTheRules
public final class HeapDump {
  /** So much of a text in one piece is a finding: a buffer may be overwritten in part. */
  private static final int PART = 16;

  private static final int CHUNK = 1 << 20;

  private HeapDump() {}

  /** Collects garbage and writes what of this process's heap is reachable. */
  public static void write(Path file) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
  }

  /**
   * Collects garbage and returns whether there are objects of a type in this process's heap.
   *
   * @param type the name of the class
   */
  public static boolean holds(String type) throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return List.of(histogram.toString().split("\\s+")).contains(type);
  }

  /**
   * Searches a dump for the beginning, the middle and the end of a text.
   *
   * @param text of ASCII, at least 16 characters
   * @return what was found: the form, and what surrounds it
   */
  public static List<String> find(Path file, String text) throws IOException {
    List<String> found = new ArrayList<>();
    for (int from : new int[] {0, (text.length() - PART) / 2, text.length() - PART}) {
      String part = text.substring(from, from + PART);
      find(file, part, StandardCharsets.ISO_8859_1, "bytes", found);
      find(file, part, StandardCharsets.UTF_16BE, "characters", found);
      find(file, part, StandardCharsets.UTF_16LE, "text", found);
    }
    return found;
  }

  private static void find(Path file, String part, Charset charset, String form, List<String> found)
      throws IOException {
    byte[] wanted = part.getBytes(charset);
    byte[] buffer = new byte[CHUNK];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer, kept, CHUNK - kept);
          read > 0;
          read = in.read(buffer, kept, CHUNK - kept)) {
        int end = kept + read;
        for (int at = indexOf(buffer, end, wanted, 0);
            at >= 0;
            at = indexOf(buffer, end, wanted, at + 1)) {
          found.add(form + ": " + around(buffer, at, end));
        }
        kept = Math.min(end, wanted.length - 1);
        System.arraycopy(buffer, end - kept, buffer, 0, kept);
      }
    }
  }

  private static int indexOf(byte[] buffer, int end, byte[] wanted, int from) {
    for (int at = from; at <= end - wanted.length; at++) {
      int same = 0;
      while (same < wanted.length && buffer[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }

  /** Returns the printable bytes before and after, which show whose buffer it is. */
  private static String around(byte[] buffer, int at, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(0, at - 120); i < Math.min(end, at + 80); i++) {
      if (buffer[i] >= ' ' && buffer[i] < 127) {
        text.append((char) buffer[i]);
      }
    }
    return text.toString();
  }
}
