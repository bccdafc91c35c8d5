package de.lifetimecircle.secrets.internal.types;

import de.lifetimecircle.secrets.SecretException;
import org.jspecify.annotations.Nullable;

/** The rules a name keeps on every backend; each backend may ask for more. */
public final class SecretNames {
  /** The longest name any of our backends takes (AWS Secrets Manager; read 2026-11-24). */
  private static final int MAX_LENGTH = 512;

  private SecretNames() {}

  /** Whether {@link #require} takes it. */
  public static boolean isUsable(@Nullable String name) {
    return name != null && problem(name) == null;
  }

  public static void require(@Nullable String name) {
    String problem = name == null ? "it is null" : problem(name);
    if (problem != null) {
      throw SecretException.of(SecretException.Kind.BAD_NAME, "use the name")
          .name(String.valueOf(name))
          .reason(problem)
          .advice("Use segments of letters, digits, '_' or '-', divided by single '/'")
          .build();
    }
  }

  private static @Nullable String problem(String name) {
    if (name.isEmpty()) {
      return "it is empty";
    }
    if (name.length() > MAX_LENGTH) {
      return "it is longer than " + MAX_LENGTH + " characters";
    }
    if (hasForbidden(name)) {
      return "it has a control character or a backslash";
    }
    if (isGarbled(name)) {
      return "it has U+FFFD or half of a character, which stand for bytes that are not UTF-8";
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty()) {
        return "it begins or ends with '/' or has '//'";
      }
      // A '..' would leave the prefix, and on Vault the mount, where no policy sees it.
      if (segment.equals("..") || segment.equals(".")) {
        return "it has a segment '.' or '..'";
      }
    }
    return null;
  }

  /**
   * Whether a character stands for bytes that could not be decoded. All of them become the same
   * character, so two names would become one; HTTP clients do the same to half of a pair.
   */
  static boolean isGarbled(String text) {
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int each = text.codePointAt(i);
      if (each == 0xFFFD || Character.getType(each) == Character.SURROGATE) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasForbidden(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i)) || name.charAt(i) == '\\') {
        return true;
      }
    }
    return false;
  }
}
