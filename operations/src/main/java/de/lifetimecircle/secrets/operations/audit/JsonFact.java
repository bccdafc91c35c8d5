package de.lifetimecircle.secrets.operations.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single facts out of a JSON document that somebody else wrote. Stateless. */
final class JsonFact {
  private JsonFact() {}

  /** What is at the end of the path; nothing where a part of it is missing or of another shape. */
  static @Nullable Object at(@Nullable Object document, String... path) {
    Object here = document;
    for (String step : path) {
      here = here instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return here;
  }

  /** The text or number there; empty where there is none. */
  static String text(@Nullable Object document, String... path) {
    Object found = at(document, path);
    return found instanceof String || found instanceof Number ? found.toString() : "";
  }

  /** The first of the texts that is not empty. */
  static String first(String... texts) {
    for (String text : texts) {
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /**
   * The time there.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Instant time(@Nullable Object document, String... path) {
    return time(text(document, path));
  }

  /**
   * A time as logs write it, with or without an offset.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Instant time(String text) {
    try {
      return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time", e);
    }
  }
}
