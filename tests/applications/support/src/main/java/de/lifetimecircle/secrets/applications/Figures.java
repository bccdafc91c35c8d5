package de.lifetimecircle.secrets.applications;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The figures that the tests of an application find: printed, and kept in {@code target/figures},
 * from which {@code .mvn/integrations-check} makes its line of result. Safe for several threads.
 */
public final class Figures {
  /** Whether the long form runs, by {@code -Dfull}. */
  public static final boolean FULL = System.getProperty("full") != null;

  private static final Path FILE = Path.of("target", "figures");

  private Figures() {}

  /** Adds one. */
  public static synchronized void add(String figure) {
    System.out.println(figure);
    try {
      Files.createDirectories(FILE.toAbsolutePath().getParent());
      Files.writeString(
          FILE, figure + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + FILE, e);
    }
  }
}
