package de.lifetimecircle.secrets.operations.inventory;

import java.util.List;

/** The content of a YAML file, each part with its position. Immutable. */
sealed interface YamlTree {
  /** Returns its first position. */
  SourcePosition place();

  /** Returns the word for it in a message. */
  String word();

  /**
   * A scalar as it was written: {@code 03-01} is not a number here, and {@code no} is not false.
   */
  record Text(SourcePosition place, String text) implements YamlTree {
    @Override
    public String word() {
      return "a text";
    }
  }

  /** A list. */
  record Listing(SourcePosition place, List<YamlTree> items) implements YamlTree {
    @Override
    public String word() {
      return "a list";
    }
  }

  /** Keys with their content, in the order of the file; a key may occur twice. */
  record Section(SourcePosition place, List<Member> members) implements YamlTree {
    @Override
    public String word() {
      return "a section of keys";
    }
  }

  /** One line of a section. */
  record Member(Text key, YamlTree content) {}
}
