package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.inventory.YamlTree.Listing;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one section by name. Unknown keys are reported at once; a field of the wrong
 * type is reported when it is read, and then counts as absent. Used by one thread.
 */
final class SectionFields {
  private final Section section;
  private final InventoryMistakes mistakes;
  private final Map<String, YamlTree> byKey = new LinkedHashMap<>();

  SectionFields(Section section, List<String> known, InventoryMistakes mistakes) {
    this.section = section;
    this.mistakes = mistakes;
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

  /** Returns a text that matches a pattern; the words describe the pattern in the message. */
  @Nullable String text(String key, Pattern form, String words) {
    String text = text(key);
    if (text != null && !form.matcher(text).matches()) {
      mistake(key, "of another form (expected: " + words + ")");
      return null;
    }
    return text;
  }

  String required(String key) {
    if (!has(key)) {
      mistakes.add(section.place(), key + " is missing");
      return "";
    }
    String text = text(key);
    return text == null ? "" : text;
  }

  /** Returns one of the words; null if there is none. */
  @Nullable String oneOf(String key, List<String> words) {
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
  List<Text> texts(String key) {
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

  /** Returns a list of different known words. */
  List<String> words(String key, List<String> known) {
    List<String> words = new ArrayList<>();
    for (Text text : texts(key)) {
      String word = text.text();
      if (!known.contains(word)) {
        mistakes.add(
            text.place(), key + ": unknown" + TypoHint.shown(word) + TypoHint.hint(word, known));
      } else if (words.contains(word)) {
        mistakes.add(text.place(), key + ": '" + word + "' is there twice");
      } else {
        words.add(word);
      }
    }
    return words;
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
  @Nullable SectionFields fields(String key, List<String> known) {
    Section inner = section(key);
    return inner == null ? null : new SectionFields(inner, known, mistakes);
  }
}
