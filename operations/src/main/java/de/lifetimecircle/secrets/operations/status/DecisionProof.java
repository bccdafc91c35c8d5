package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the decision: a file that names the backend in use and is not a draft. */
record DecisionProof(ChecklistInput sight) {
  private static final Pattern DECISION =
      Pattern.compile("(?i)(?:we go with|wir gehen mit)\\W+(.*)");
  private static final Pattern DRAFT = Pattern.compile("(?im)^\\W*status\\W+(draft|entwurf)\\b");

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

  void look(ChecklistItemBuilder draft) {
    String place = sight.site().place(InventoryLocation.Paper.DECISION);
    Optional<String> text = sight.file(InventoryLocation.Paper.DECISION);
    if (text.isEmpty()) {
      draft.onTheirWord(
          sight.said(ChecklistPoint.DECISION), sight.scheme(), "decision.none", place);
      return;
    }
    Matcher decision = DECISION.matcher(text.get());
    Optional<String> decided = decision.find() ? scheme(decision.group(1)) : Optional.empty();
    String name = sight.texts().name("backend", sight.scheme());
    if (DRAFT.matcher(text.get()).find()) {
      draft.missing(sight.site().here().editing(place), "decision.draft", place);
    } else if (decided.isEmpty()) {
      draft.missing(sight.site().here().editing(place), "decision.unclear", place);
    } else if (!decided.get().equals(sight.scheme())) {
      draft.missing(
          sight.site().here().editing(place),
          "decision.other",
          place,
          sight.texts().name("backend", decided.get()),
          name);
    } else {
      draft.proven("decision.proof", place, name);
    }
  }

  private static Optional<String> scheme(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    return NAMES.stream()
        .filter(name -> text.contains(name.get(1)))
        .map(name -> name.get(0))
        .findFirst();
  }
}
