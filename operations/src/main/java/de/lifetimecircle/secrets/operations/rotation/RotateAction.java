package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.Arrays;

/** A way out of an open rotation; each is a subcommand of {@code secrets rotate}. */
public enum RotateAction implements Worded {
  /** Continue after the last finished step. */
  RESUME,
  /** Bring the old value back into service. */
  ROLLBACK,
  /** Give up a rotation whose new value is not in service. */
  ABANDON,
  /** Retire the old value before its grace ends. */
  RETIRE;

  /** The subcommand that rotates every due secret. */
  public static final String DUE = "due";

  /**
   * Returns the words after the name of the program that take the rotation of a secret this way.
   */
  public String words(String secret) {
    return "rotate " + word() + " " + secret;
  }

  /** Returns {@link #words} with a person's word that no hook of the rotation runs any more. */
  String confirmed(String secret) {
    return words(secret) + " --hooks-ended";
  }

  /**
   * Returns whether {@code rotate} takes the word as a subcommand, so a secret needs {@code --}.
   */
  static boolean isOne(String word) {
    return word.equals(DUE) || Arrays.stream(values()).anyMatch(way -> way.word().equals(word));
  }
}
