package de.lifetimecircle.secrets.testkit;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Swallows the console, so that what a test plants does not end up in its report. */
final class Quiet implements AutoCloseable {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  Quiet() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
  }
}
