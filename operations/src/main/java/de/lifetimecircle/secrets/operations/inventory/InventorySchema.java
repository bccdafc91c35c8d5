package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The rules of {@code secrets.schema.json} for one part of an inventory, so that editors, the
 * reader and the layout have the same keys, words and forms. Immutable.
 *
 * @param rules the part of the schema
 */
record InventorySchema(Map<?, ?> rules) {
  /** The rules of the whole file. */
  static final InventorySchema ROOT =
      new InventorySchema(
          Json.object(InventoryText.schema().getBytes(StandardCharsets.UTF_8)).orElseThrow());

  /** Returns the keys of a section, in their usual order; none if people choose them. */
  List<String> keys() {
    return texts(Json.object(rules, "properties").keySet());
  }

  /** Returns the rules for the content of a key. */
  InventorySchema at(String key) {
    Map<?, ?> known = Json.object(rules, "properties");
    return known.containsKey(key) ? inner(known, key) : inner(rules, "additionalProperties");
  }

  /** Returns the rules of a section's keys, where people choose them. */
  InventorySchema names() {
    return inner(rules, "propertyNames");
  }

  /** Returns the rules for the items of a list. */
  InventorySchema items() {
    return inner(rules, "items");
  }

  /** Returns the words among which a text is one. */
  List<String> words() {
    return rules.get("enum") instanceof List<?> words ? texts(words) : List.of();
  }

  /** Returns whether a text has the form: the pattern, or that of a number from 1 on. */
  boolean takes(String text) {
    long most = Json.number(rules, "maximum");
    if (most > 0) {
      return text.matches("[1-9][0-9]{0,8}") && Long.parseLong(text) <= most;
    }
    long longest = Json.number(rules, "maxLength");
    return text.matches(Json.text(rules, "pattern")) && (longest == 0 || text.length() <= longest);
  }

  /** Follows a reference; of several forms, takes the last one, which is the section. */
  private static InventorySchema inner(Map<?, ?> parent, String key) {
    Map<?, ?> rules = Json.object(parent, key);
    String reference = Json.text(rules, "$ref");
    if (!reference.isEmpty()) {
      return inner(Json.object(ROOT.rules, "$defs"), reference.replace("#/$defs/", ""));
    }
    return !rules.containsKey("properties") && rules.get("anyOf") instanceof List<?> forms
        ? inner(Map.of("", forms.get(forms.size() - 1)), "")
        : new InventorySchema(rules);
  }

  private static List<String> texts(Collection<?> values) {
    return values.stream().map(String::valueOf).toList();
  }
}
