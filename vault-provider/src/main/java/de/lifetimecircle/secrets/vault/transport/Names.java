package de.lifetimecircle.secrets.vault.transport;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Which names the store takes and where they are.
 *
 * <p>A name is the path below the mount, unchanged, so that it is the same to {@code vault kv get}.
 * It rejects names that the server rejects or interprets in its own way: {@code ..} leaves the
 * mount where no policy of the server sees it.
 */
public final class Names {
  /** The longest name that the library takes; the server's own limit is far above. */
  public static final int MAX_LENGTH = 512;

  private Names() {}

  /**
   * Where a name is.
   *
   * @param path the path of the secret below the mount
   * @param field the field that the name selects; empty for the configured one
   */
  public record Place(String path, Optional<String> field) {}

  /** The place of a name; the separator, where one is configured, selects a field. */
  public static Place place(String name, Optional<String> separator) {
    String path = name;
    Optional<String> field = Optional.empty();
    int at = separator.map(name::indexOf).orElse(-1);
    if (at >= 0) {
      path = name.substring(0, at);
      field = Optional.of(name.substring(at + 1));
      requireField(field.get(), separator.orElseThrow());
    }
    String why = name.length() > MAX_LENGTH ? "it is longer than " + MAX_LENGTH : whyNot(path);
    if (!why.isEmpty()) {
      throw bad(why);
    }
    return new Place(path, field);
  }

  private static void requireField(String field, String separator) {
    if (field.isEmpty() || field.contains(separator) || field.chars().anyMatch(c -> !plain(c))) {
      throw bad("the part after '" + separator + "' is not the name of a field");
    }
  }

  private static StoreFailure bad(String why) {
    return StoreFailure.of(
        Kind.BAD_NAME,
        why,
        "Use visible characters in parts joined by single '/', without '..' and without a dot at"
            + " the end");
  }

  /** Whether the store takes the path. */
  public static boolean isValid(String path) {
    return path.length() <= MAX_LENGTH && whyNot(path).isEmpty();
  }

  private static String whyNot(String path) {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty()) {
        return "a part of the name is empty";
      }
      if (segment.equals(".") || segment.contains("..")) {
        return "a part of the name is '.' or has '..'";
      }
      if (segment.startsWith(" ") || segment.endsWith(" ")) {
        return "a part of the name begins or ends with a space";
      }
    }
    if (path.endsWith(".")) {
      return "the name ends with a dot";
    }
    return path.codePoints().allMatch(Names::plain)
        ? ""
        : "the name has a character that is not visible";
  }

  /**
   * Returns whether the server considers a character printable: no control, format, surrogate or
   * unassigned one.
   */
  private static boolean plain(int c) {
    if (c == '\\') {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** A path with every byte of its segments percent-encoded that RFC 3986 does not leave alone. */
  public static String encoded(String path) {
    // A form's encoding, except for a space and for three characters.
    return URLEncoder.encode(path, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }
}
