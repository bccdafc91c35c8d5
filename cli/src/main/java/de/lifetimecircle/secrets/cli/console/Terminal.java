package de.lifetimecircle.secrets.cli.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * What a command reads from and writes to. Used by one thread.
 *
 * <p>Behind an interface so that a test can be the person at the keyboard.
 */
public interface Terminal {
  /** Returns standard input; reading it blocks. */
  InputStream in();

  /** Takes results only, so that a pipe gets nothing else. */
  PrintStream out();

  /** Takes errors, hints and questions. */
  PrintStream err();

  /** Whether a person types what {@link #in} gives. */
  boolean inputIsTerminal();

  /** Whether a person sees what goes to {@link #out}. */
  boolean outputIsTerminal();

  /**
   * Asks for a value without showing what is typed.
   *
   * @throws CommandFailure when nobody can be asked or the answer is cut off
   */
  char[] askHidden(String question);

  /** Asks for a line; nothing when the input ends before one. */
  Optional<String> ask(String question);
}
