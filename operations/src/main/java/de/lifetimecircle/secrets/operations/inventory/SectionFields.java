package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.inventory.YamlTree.Listing;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one section by name. Unknown keys are reported at once; a field of the wrong
 * type is reported when it is read, and then counts as absent. Used by one thread.
 */
final class SectionFields {
  private final Section section;
  private final InventorySchema schema;
  private final InventoryMistakes mistakes;
  private final Map<String, YamlTree> byKey = new LinkedHashMap<>();

  SectionFields(Section section, InventorySchema schema, InventoryMistakes mistakes) {
    this.section = section;
    this.schema = schema;
    this.mistakes = mistakes;
    List<String> known = schema.keys();
    for (Member member : section.members()) {
      String key = member.key().text();
      byKey.put(key, member.content());
      if (!known.contains(key)) {
        // With a section below it, 'secret' is a mistyped 'secrets' and not a value.
        boolean value =
            member.content() instanceof Text
                && (key.equals("value") || key.equals("default") || key.equals("secret"));
        mistakes.add(
            member.key().place(),
            value
                ? "an inventory holds no values: remove it, and rotate the secret if it was one"
                : "unknown key" + TypoHint.shown(key) + TypoHint.hint(key, known));
      }
    }
  }

  SourcePosition place() {
    return section.place();
  }

  /** Returns the rules for the keys of this section. */
  InventorySchema schema() {
    return schema;
  }

  /** Returns the position of a field's content; that of the section if there is no such field. */
  SourcePosition placeOf(String key) {
    YamlTree content = byKey.get(key);
    return content == null ? section.place() : content.place();
  }

  boolean has(String key) {
    return byKey.containsKey(key);
  }

  void mistake(String key, String text) {
    mistakes.add(placeOf(key), key + ": " + text);
  }

  @Nullable String text(String key) {
    YamlTree content = byKey.get(key);
    if (content == null) {
      return null;
    }
    if (!(content instanceof Text text)) {
      mistake(key, content.word() + " (expected: a text)");
      return null;
    }
    if (text.text().isEmpty()) {
      mistake(key, "nothing (expected: a text)");
      return null;
    }
    return text.text();
  }

  /** Returns a text of the form in the schema; the words describe that form in the message. */
  @Nullable String text(String key, String words) {
    String text = text(key);
    if (text != null && !schema.at(key).takes(text)) {
      mistake(key, "of another form (expected: " + words + ")");
      return null;
    }
    return text;
  }

  /** Returns the texts of all keys, which have the form in the schema. */
  Map<String, String> all(String words) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : schema.keys()) {
      String text = text(key, words);
      if (text != null) {
        texts.put(key, text);
      }
    }
    return texts;
  }

  String required(String key) {
    if (!has(key)) {
      mistakes.add(section.place(), key + " is missing");
      return "";
    }
    String text = text(key);
    return text == null ? "" : text;
  }

  /** Returns one of the words in the schema; null if there is none. */
  @Nullable String oneOf(String key) {
    List<String> words = schema.at(key).words();
    String text = text(key);
    if (text != null && !words.contains(text)) {
      mistake(key, "unknown" + TypoHint.shown(text) + TypoHint.hint(text, words));
      return null;
    }
    return text;
  }

  boolean isSection(String key) {
    return byKey.get(key) instanceof Section;
  }

  /** Returns the texts of a list; empty if there is none. */
  private List<Text> texts(String key) {
    YamlTree content = byKey.get(key);
    if (content == null) {
      return List.of();
    }
    if (!(content instanceof Listing listing)) {
      mistake(key, content.word() + " (expected: a list, such as [a, b])");
      return List.of();
    }
    if (listing.items().isEmpty()) {
      mistake(key, "an empty list (expected: at least one, or no such key)");
    }
    List<Text> texts = new ArrayList<>();
    for (YamlTree item : listing.items()) {
      if (item instanceof Text text && !text.text().isEmpty()) {
        texts.add(text);
      } else {
        mistakes.add(item.place(), key + ": not a text in the list");
      }
    }
    return texts;
  }

  /**
   * Returns what the texts of a list mean; empty if there is none.
   *
   * @param meaning returns nothing for a text of another form
   * @param other returns the mistake for such a text
   * @param twice returns the mistake for a text that means the same as one before; null if it may
   */
  <T> List<T> list(
      String key,
      Function<String, Optional<T>> meaning,
      UnaryOperator<String> other,
      @Nullable UnaryOperator<String> twice) {
    List<T> list = new ArrayList<>();
    for (Text text : texts(key)) {
      Optional<T> meant = meaning.apply(text.text());
      if (meant.isEmpty()) {
        mistakes.add(text.place(), key + ": " + other.apply(text.text()));
      } else if (twice != null && list.contains(meant.get())) {
        mistakes.add(text.place(), key + ": " + twice.apply(text.text()));
      } else {
        list.add(meant.get());
      }
    }
    return list;
  }

  /** Returns a list of different words in the schema. */
  List<String> words(String key) {
    return words(key, schema.at(key).items().words());
  }

  /** Returns a list of different known words. */
  List<String> words(String key, List<String> known) {
    return list(
        key,
        word -> Optional.of(word).filter(known::contains),
        word -> "unknown" + TypoHint.shown(word) + TypoHint.hint(word, known),
        word -> "'" + word + "' is there twice");
  }

  @Nullable Section section(String key) {
    YamlTree content = byKey.get(key);
    if (content == null) {
      return null;
    }
    if (!(content instanceof Section inner)) {
      mistake(key, content.word() + " (expected: a section of keys below it)");
      return null;
    }
    return inner;
  }

  /** Returns the keys of an inner section; null if there is none. */
  @Nullable SectionFields fields(String key) {
    Section inner = section(key);
    return inner == null ? null : new SectionFields(inner, schema.at(key), mistakes);
  }
}
