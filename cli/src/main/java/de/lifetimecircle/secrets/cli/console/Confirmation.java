package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.documents.Language;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a yes-or-no question on a terminal or through a pipe.
 *
 * <p>It accepts a yes in every supported language, whatever the language of the question: no such
 * word means no in another language, and people at a German terminal type {@code y} as well as
 * {@code j}.
 */
final class Confirmation {
  private static final Set<String> YES = Set.of("y", "yes", "j", "ja");

  private Confirmation() {}

  /**
   * Asks and reads one line.
   *
   * @param question the question without the choice, which this method adds in the same language
   * @param skip the sentence about the option that skips the question; empty without one
   * @throws CommandFailure unless the answer is yes; the end of the input counts as no
   */
  static void require(Terminal terminal, String question, Language language, String skip) {
    Optional<String> answer = answer(terminal, question, language);
    if (answer.isEmpty()) {
      throw CommandFailure.usage("Nothing was done: standard input ended before an answer." + skip);
    }
    if (!isYes(answer.get())) {
      throw CommandFailure.usage("Nothing was done: the answer was not yes (expected: y or j).");
    }
  }

  /** Asks as {@link #require}, and returns whether the answer is yes. */
  static boolean given(Terminal terminal, String question, Language language) {
    return answer(terminal, question, language).filter(Confirmation::isYes).isPresent();
  }

  private static Optional<String> answer(Terminal terminal, String question, Language language) {
    String choice = language == Language.GERMAN ? " [j/N] " : " [y/N] ";
    // No person reads the question in a pipe, where standard error should hold errors only.
    return terminal.ask(terminal.inputIsTerminal() ? Output.printable(question) + choice : "");
  }

  private static boolean isYes(String answer) {
    // By the root locale, so that the answer does not depend on the machine's language.
    return YES.contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
