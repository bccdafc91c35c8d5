package de.lifetimecircle.secrets.cli.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The streams and prompts of a command. Not thread-safe.
 *
 * <p>An interface, so that a test can play the person at the keyboard.
 */
public interface Terminal {
  /** Returns standard input; reading it blocks. */
  InputStream in();

  /** Returns the stream for results. Nothing else goes there, because it may be a pipe. */
  PrintStream out();

  /** Returns the stream for errors, hints and questions. */
  PrintStream err();

  /** Returns whether a person types the input. */
  boolean inputIsTerminal();

  /** Returns whether a person sees the output. */
  boolean outputIsTerminal();

  /** Returns whether a person sees errors, hints and progress. */
  boolean errorIsTerminal();

  /** Returns the width of the terminal in columns; empty if the system does not say. */
  default OptionalInt columns() {
    return OptionalInt.empty();
  }

  /** Returns whether a result was lost because the reader of the pipe has closed it. */
  default boolean readerHasGone() {
    return false;
  }

  /**
   * Shows a line about work that goes on, in the place of the line before; anything else that is
   * written removes it. Called only if {@link #errorIsTerminal}.
   *
   * @param line what to show; empty to remove the line
   */
  void progress(String line);

  /**
   * Asks for a value without echo; blocks until the end of the line.
   *
   * @throws CommandFailure if there is no terminal, or the input ends before the line does
   */
  char[] askHidden(String question);

  /** Asks for a line and blocks until its end; empty if the input has ended. */
  Optional<String> ask(String question);
}
