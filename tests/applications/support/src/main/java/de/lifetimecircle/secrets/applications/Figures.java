package de.lifetimecircle.secrets.applications;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the tests of an application find: printed, and kept in {@code target/figures} and
 * {@code target/rows}, which {@code .mvn/integrations-check} shows. Safe for several threads.
 */
public final class Figures {
  /** Whether the long form runs, by {@code -Dfull}. */
  public static final boolean FULL = System.getProperty("full") != null;

  private Figures() {}

  /** Adds one to the line of result. */
  public static void add(String figure) {
    write("figures", figure);
  }

  /** Shows a line before the results: a row of a table, or a detail. */
  public static void show(String line) {
    write("rows", line);
  }

  private static synchronized void write(String file, String line) {
    System.out.println(line);
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Files.writeString(
          target.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the figures", e);
    }
  }
}
