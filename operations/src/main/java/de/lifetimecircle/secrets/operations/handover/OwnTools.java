package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fills OwnTools.jte: the lines for a shell that replace an exposed value with the backend's own
 * program, for the case that the command {@code secrets} is gone. Immutable.
 *
 * @param sample the secret that the lines name
 */
record OwnTools(StoreSnapshot store, LocalizedTexts texts, SecretState sample) {
  private static final Set<String> KNOWN = Set.of("aws", "azure", "vault", "gpg");

  private static final Pattern AZURE_ID =
      Pattern.compile("https?://([^./:]+)[^/]*/secrets/([^/]+)");

  private static final int USUAL_BYTES = 32;

  /** Returns the lines; none without secrets, or for a backend whose program is not known. */
  static Optional<OwnTools> of(StoreSnapshot store, LocalizedTexts texts) {
    return Stream.concat(
            store.secrets().stream().filter(held -> held.secret().shape() != null),
            store.secrets().stream())
        .filter(held -> KNOWN.contains(store.scheme()))
        .findFirst()
        .map(sample -> new OwnTools(store, texts, sample));
  }

  String text(String key) {
    return texts.text(key);
  }

  String scheme() {
    return store.scheme();
  }

  String name() {
    Matcher id = AZURE_ID.matcher(sample.id());
    return ShellWord.of(scheme().equals("azure") && id.matches() ? id.group(2) : sample.name());
  }

  int bytes() {
    ValueShape shape = sample.secret().shape();
    return shape != null && shape.type() == ValueShape.Type.HEX ? shape.amount() : USUAL_BYTES;
  }

  String fact(String key, String otherwise) {
    String value = store.service().lasting().value(key);
    return ShellWord.of(value.isEmpty() ? otherwise : value);
  }

  /** Returns an option or a variable with a setting; the empty text if there is no such setting. */
  String option(String before, String key) {
    return store.service().value(key).isEmpty() ? "" : before + fact(key, "");
  }

  String vault() {
    Matcher id = AZURE_ID.matcher(sample.id());
    return id.matches() ? ShellWord.of(id.group(1)) : "VAULT";
  }

  String field() {
    return ShellWord.of(sample.field());
  }
}
