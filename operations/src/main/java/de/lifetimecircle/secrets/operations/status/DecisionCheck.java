package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the decision: a file that names the backend in use and says that it is signed.
 *
 * <p>A field in the first line says both, in every language: {@code <!-- secrets decision 1
 * backend=aws status=signed -->}. The report writes it with {@code status=draft}. A text without
 * the field, from an earlier report or from a person, is a draft unless a line says otherwise.
 */
record DecisionCheck(ChecklistContext context) {
  private static final Pattern FIELD =
      Pattern.compile("<!-- secrets decision 1 backend=([a-z]+) status=(draft|signed) -->\\R");

  private static final Pattern DECISION =
      Pattern.compile("(?i)(?:we go with|wir gehen mit)\\W+(.*)");

  /** Words that mean a signature; what is missing here is a draft, not the other way round. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?im)^\\W*(?:status|stand)\\W+(?:accepted|signed|angenommen|unterschrieben)\\W*$");

  /** The order matters: a Key Vault is a vault too. */
  private static final List<List<String>> NAMES =
      List.of(
          List.of("aws", "aws"),
          List.of("azure", "azure"),
          List.of("azure", "key vault"),
          List.of("vault", "vault"),
          List.of("vault", "openbao"),
          List.of("gpg", "gpg"),
          List.of("gpg", "openpgp"),
          List.of("gpg", "files"),
          List.of("gpg", "dateien"));

  void check(ChecklistItemBuilder item) {
    String place = context.site().place(InventoryLocation.ProjectFile.DECISION);
    Optional<String> text = context.file(InventoryLocation.ProjectFile.DECISION);
    if (text.isEmpty()) {
      item.onTheirWord("decision.none", place);
      return;
    }
    Matcher field = FIELD.matcher(text.get());
    boolean hasField = field.lookingAt();
    Optional<String> decided = hasField ? Optional.of(field.group(1)) : named(text.get());
    boolean signed = hasField ? field.group(2).equals("signed") : SIGNED.matcher(text.get()).find();
    String editing = context.site().editing(place);
    String name = context.texts().name("backend", context.scheme());
    if (decided.isEmpty()) {
      item.missing(editing, "decision.unclear", place);
    } else if (!decided.get().equals(context.scheme())) {
      item.missing(
          editing, "decision.other", place, context.texts().name("backend", decided.get()), name);
    } else if (!signed) {
      item.missing(editing, "decision.draft", place, signature(decided.get()));
    } else {
      item.proven("decision.proof", place, name);
    }
  }

  /** Returns the first line of a signed decision. */
  private static String signature(String backend) {
    return "<!-- secrets decision 1 backend=" + backend + " status=signed -->";
  }

  private static Optional<String> named(String text) {
    Matcher decision = DECISION.matcher(text);
    return decision.find() ? scheme(decision.group(1)) : Optional.empty();
  }

  private static Optional<String> scheme(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    return NAMES.stream()
        .filter(name -> text.contains(name.get(1)))
        .map(name -> name.get(0))
        .findFirst();
  }
}
