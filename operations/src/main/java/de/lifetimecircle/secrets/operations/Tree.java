package de.lifetimecircle.secrets.operations;

import java.util.List;

/** What a YAML file holds, each part with its place. Immutable. */
sealed interface Tree {
  /** Where it begins. */
  Place place();

  /** The word for it in a message. */
  String word();

  /**
   * A scalar, as the text that was written: {@code 03-01} is no number here, and {@code no} no no.
   */
  record Text(Place place, String text) implements Tree {
    @Override
    public String word() {
      return "a text";
    }
  }

  /** A list. */
  record Listing(Place place, List<Tree> items) implements Tree {
    @Override
    public String word() {
      return "a list";
    }
  }

  /** Keys with what each of them has, in the order written; a key may stand there twice. */
  record Section(Place place, List<Member> members) implements Tree {
    @Override
    public String word() {
      return "a section of keys";
    }
  }

  /** One line of a section. */
  record Member(Text key, Tree content) {}
}
