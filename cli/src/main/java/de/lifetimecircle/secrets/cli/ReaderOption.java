package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.operations.Policy;
import de.lifetimecircle.secrets.operations.Words;
import java.util.List;

/** Who is meant by {@code --for}. */
final class ReaderOption {
  private ReaderOption() {}

  /** The one of them that the word names. */
  static Policy.Audience of(String word, Policy.Audience... known) {
    List<String> words = List.of(known).stream().map(Words::of).toList();
    int at = words.indexOf(word);
    if (at < 0) {
      throw CommandFailure.usage(
          "Cannot use --for (expected: " + String.join(" or ", words) + ").");
    }
    return known[at];
  }
}
