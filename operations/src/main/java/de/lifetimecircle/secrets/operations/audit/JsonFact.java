package de.lifetimecircle.secrets.operations.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single facts from a JSON document that another program wrote. Stateless. */
final class JsonFact {
  private JsonFact() {}

  /** Returns the value at the end of a path; null if a part of the path is missing. */
  static @Nullable Object at(@Nullable Object document, String... path) {
    Object here = document;
    for (String step : path) {
      here = here instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return here;
  }

  /** Returns the text or number at a path; empty if there is none. */
  static String text(@Nullable Object document, String... path) {
    Object found = at(document, path);
    return found instanceof String || found instanceof Number ? found.toString() : "";
  }

  /** Returns the first text that is not empty. */
  static String first(String... texts) {
    for (String text : texts) {
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /**
   * Returns the time at a path.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Instant time(@Nullable Object document, String... path) {
    return time(text(document, path));
  }

  /**
   * Parses a time as logs write it, with or without an offset.
   *
   * @throws IllegalArgumentException if the text is not a time
   */
  static Instant time(String text) {
    try {
      return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time", e);
    }
  }
}
