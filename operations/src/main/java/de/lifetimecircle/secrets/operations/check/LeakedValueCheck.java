package de.lifetimecircle.secrets.operations.check;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Searches an inventory for values: its text, and the sentences that people write in it. Used by
 * one thread.
 */
final class LeakedValueCheck {
  /** Shorter values occur in many files by chance. */
  private static final int TELLING_LENGTH = 12;

  /** A person's password may be this short; a sentence has fewer words than a file. */
  private static final int SHORTEST_IN_SENTENCES = 8;

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final String text;
  private final Set<String> sentences = new HashSet<>();
  private LeakedValues state = LeakedValues.COMPARED;

  LeakedValueCheck(Inventory inventory) {
    this.text = inventory.text();
    inventory.environments().stream()
        .flatMap(environment -> inventory.secrets(environment).stream())
        .forEach(this::add);
  }

  private void add(InventorySecret secret) {
    sentences.add(compact(secret.description()));
    sentences.add(compact(secret.owner()));
    if (secret.opens() != null) {
      sentences.add(compact(secret.opens()));
    }
  }

  /** YAML folds lines: a value and its quotation can differ in white space. */
  private static String compact(String sentence) {
    return SPACE.matcher(sentence).replaceAll("");
  }

  /** Notes that a value could not be compared. */
  void unread() {
    note(LeakedValues.UNREAD);
  }

  /** Returns whether the inventory contains a value that is long enough to be reported. */
  boolean quotes(SecretValue value) {
    String searched;
    try {
      searched = value.asString();
    } catch (SecretException e) {
      return false; // not text, so the inventory cannot contain it
    }
    boolean telling = value.size() >= TELLING_LENGTH;
    boolean quoted = inSentences(compact(searched)) || (telling && text.contains(searched));
    if (quoted) {
      note(LeakedValues.QUOTED);
    }
    return quoted && telling;
  }

  private boolean inSentences(String searched) {
    return searched.length() >= SHORTEST_IN_SENTENCES
        && sentences.stream().anyMatch(sentence -> sentence.contains(searched));
  }

  private void note(LeakedValues noted) {
    state = noted.compareTo(state) > 0 ? noted : state;
  }

  LeakedValues state() {
    return state;
  }
}
