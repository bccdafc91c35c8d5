package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.List;

/** Parses the argument of {@code --for}. */
public final class ReaderOption {
  private ReaderOption() {}

  /**
   * Returns the audience that the word names.
   *
   * @throws CommandFailure if it names none of the known ones
   */
  public static AccessPolicy.Audience of(String word, AccessPolicy.Audience... known) {
    List<String> words = List.of(known).stream().map(EnumText::of).toList();
    int at = words.indexOf(word);
    if (at < 0) {
      throw CommandFailure.usage(
          "Cannot use --for (expected: " + String.join(" or ", words) + ").");
    }
    return known[at];
  }
}
