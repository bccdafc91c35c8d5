package de.lifetimecircle.secrets.operations.inventory;

import java.util.List;

/** What a YAML file holds, each part with its place. Immutable. */
sealed interface YamlTree {
  /** Where it begins. */
  SourcePosition place();

  /** The word for it in a message. */
  String word();

  /**
   * A scalar, as the text that was written: {@code 03-01} is no number here, and {@code no} no no.
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

  /** Keys with what each of them has, in the order written; a key may stand there twice. */
  record Section(SourcePosition place, List<Member> members) implements YamlTree {
    @Override
    public String word() {
      return "a section of keys";
    }
  }

  /** One line of a section. */
  record Member(Text key, YamlTree content) {}
}
