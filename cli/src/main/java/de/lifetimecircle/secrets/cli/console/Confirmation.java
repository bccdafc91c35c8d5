package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.documents.Language;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a question whose answer is yes or no, on a terminal or through a pipe. Used by one thread.
 *
 * <p>The words of every language count, whatever the language of the question: none of them means
 * no in another one, and a person at a German terminal types {@code y} as well as {@code j}.
 */
final class Confirmation {
  private static final Set<String> YES = Set.of("y", "yes", "j", "ja");

  private final Terminal terminal;

  Confirmation(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Asks, and reads one line.
   *
   * @param question without the choice, which is added in the language of the question
   * @throws CommandFailure unless the answer is yes; the end of the input is a no
   */
  void require(String question, Language language) {
    String choice = language == Language.GERMAN ? " [j/N] " : " [y/N] ";
    // Nobody reads it in a pipe, and standard error is for the error there.
    String shown = terminal.inputIsTerminal() ? Output.printable(question) + choice : "";
    Optional<String> answer = terminal.ask(shown);
    if (answer.isEmpty()) {
      throw CommandFailure.usage(
          "Nothing was done: standard input ended before an answer. Give --yes to go on without the"
              + " question.");
    }
    if (!isYes(answer.get())) {
      throw CommandFailure.usage("Nothing was done: the answer was not yes (expected: y or j).");
    }
  }

  /** The root locale, so that what counts as a yes does not depend on the machine's language. */
  private static boolean isYes(String answer) {
    return YES.contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
