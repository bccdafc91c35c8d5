package de.lifetimecircle.secrets.operations.rotation;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One name that a rotation changes, with the ids of its versions. Immutable.
 *
 * @param name the name in the inventory
 * @param stored the name in the store
 * @param part the reason why it changes
 * @param old the version that was served when the rotation began
 * @param pending the version that keeps the new value until the promotion; empty before it exists
 * @param fresh the version that serves the new value; empty before the promotion
 * @param restored the version that serves the old value again; empty except after a rollback
 */
record VersionChange(
    String name,
    String stored,
    Part part,
    String old,
    String pending,
    String fresh,
    String restored) {
  /** The reason why a name changes in a rotation. */
  enum Part {
    /** The name is the rotated secret. */
    SECRET,
    /** The name has the user whose password is rotated. */
    USER,
    /** A template makes it from names that change. */
    TEMPLATE
  }

  VersionChange withPending(String version) {
    return new VersionChange(name, stored, part, old, version, fresh, restored);
  }

  VersionChange withFresh(String version) {
    return new VersionChange(name, stored, part, old, pending, version, restored);
  }

  VersionChange withRestored(String version) {
    return new VersionChange(name, stored, part, old, pending, fresh, version);
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("stored", stored);
    document.put("part", part.name());
    document.put("old", old);
    document.put("pending", pending);
    document.put("fresh", fresh);
    document.put("restored", restored);
    return document;
  }

  /** Reads a document of {@link #document}; the journal's sum was already checked. */
  static VersionChange of(Map<?, ?> document) {
    return new VersionChange(
        text(document, "name"),
        text(document, "stored"),
        Part.valueOf(text(document, "part")),
        text(document, "old"),
        text(document, "pending"),
        text(document, "fresh"),
        text(document, "restored"));
  }

  static String text(Map<?, ?> document, String key) {
    Object member = document.get(key);
    if (member instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(key + ": no text");
  }

  static List<?> list(Map<?, ?> document, String key) {
    if (document.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(key + ": no list");
  }

  static int number(Map<?, ?> document, String key) {
    if (document.get(key) instanceof BigDecimal number) {
      return number.intValueExact();
    }
    throw new IllegalArgumentException(key + ": no number");
  }
}
