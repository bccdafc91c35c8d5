package de.lifetimecircle.secrets.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The log of a job as a runner of GitHub Actions writes it: each stream is read by itself, line by
 * line; a mask that has been asked for hides its text in every line after it. Safe for use by
 * several threads.
 */
final class RunnerLog {
  private static final String MASK = "::add-mask::";
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private final Set<String> masks = new TreeSet<>(LONGEST_FIRST);
  private final StringBuilder shown = new StringBuilder();

  /** Reads both streams of a step to their ends. */
  void follow(Process step) throws InterruptedException {
    List<Thread> readers =
        List.of(
            new Thread(() -> read(step.getInputStream()), "log-out"),
            new Thread(() -> read(step.getErrorStream()), "log-err"));
    readers.forEach(Thread::start);
    for (Thread reader : readers) {
      reader.join();
    }
  }

  private void read(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void take(String line) {
    String command = line.stripLeading();
    if (command.startsWith(MASK)) {
      String text = unescaped(command.substring(MASK.length()));
      if (!text.isBlank()) {
        masks.add(text);
      }
      return;
    }
    String hidden = line;
    for (String mask : masks) {
      hidden = hidden.replace(mask, "***");
    }
    shown.append(hidden).append('\n');
  }

  private static String unescaped(String text) {
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
  }

  /** Returns the log as people see it, with masked values. */
  synchronized String text() {
    return shown.toString();
  }
}
