package de.lifetimecircle.secrets.spi;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The message that a secret has another current version. Immutable; holds no value and nothing that
 * is derived from one.
 *
 * <pre>{@code
 * RotationNotice notice = new RotationNotice("prod/DB_PASSWORD", "17", Instant.now());
 * Optional<RotationNotice> same = RotationNotice.parse(notice.text());
 * }</pre>
 *
 * @param name the whole name in the store, with the prefix of the sender
 * @param version the id of the version that is current now
 * @param at when it was sent, for people; nothing depends on it
 */
public record RotationNotice(String name, String version, Instant at) {
  /** The longest message in characters; PostgreSQL takes 8000 bytes. */
  public static final int MAX_LENGTH = 2600;

  private static final String FORM = "secrets-rotation-1";
  private static final int MAX_PART = 1024;

  /**
   * Checks the parts.
   *
   * @param name the whole name in the store
   * @param version the id of the version that is current now
   * @param at the time of sending
   * @throws IllegalArgumentException if the name or the version is empty or over 1024 characters
   */
  public RotationNotice {
    require("name", name);
    require("version", version);
  }

  private static void require(String part, String text) {
    if (text.isEmpty() || text.length() > MAX_PART) {
      throw new IllegalArgumentException(
          part + ": " + text.length() + " characters (expected: 1 to " + MAX_PART + ")");
    }
  }

  /**
   * Writes the message for {@link RotationChannel#send}.
   *
   * @return a JSON object on one line
   */
  public String text() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("form", FORM);
    document.put("name", name);
    document.put("version", version);
    document.put("at", at.toString());
    return Json.write(document);
  }

  /**
   * Reads a message, which any client of the channel may have sent.
   *
   * @param text the message as it arrived
   * @return the notice; empty for a message of any other form. Never fails
   */
  public static Optional<RotationNotice> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      if (Json.parse(text) instanceof Map<?, ?> document
          && Json.text(document, "form").equals(FORM)) {
        return Json.time(document, "at")
            .map(
                at ->
                    new RotationNotice(
                        Json.text(document, "name"), Json.text(document, "version"), at));
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not JSON, or a part too long: anybody can send anything
    }
    return Optional.empty();
  }
}
