package de.lifetimecircle.secrets.gpg.files;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides which names the store accepts: those that every file system keeps unchanged.
 *
 * <p>Nothing is escaped, so {@code pass} shows the same name as the file; a name that would need an
 * escape is rejected.
 */
public final class StoreNames {
  static final int MAX_SEGMENT = 200;
  static final int MAX_LENGTH = 1000;

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+@=.-]*");
  private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9]");
  private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

  private StoreNames() {}

  /** Refuses a name that the store cannot keep. */
  public static void require(String name) {
    String why = whyNot(name);
    if (!why.isEmpty()) {
      throw StoreFailure.of(
          Kind.BAD_NAME,
          why,
          "Use letters, digits and _ + @ = . - in parts of at most "
              + MAX_SEGMENT
              + " characters, which begin with a letter or a digit and are joined by /");
    }
  }

  /** Returns whether the store can keep a name. */
  public static boolean isValid(String name) {
    return whyNot(name).isEmpty();
  }

  /**
   * Returns the form in which two names that a case-blind file system cannot tell apart are equal.
   */
  public static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String whyNot(String name) {
    if (name.length() > MAX_LENGTH) {
      return "the name is longer than " + MAX_LENGTH + " characters";
    }
    for (String segment : name.split("/", -1)) {
      String why = whyNotSegment(segment);
      if (!why.isEmpty()) {
        return why;
      }
    }
    return "";
  }

  private static String whyNotSegment(String segment) {
    if (segment.length() > MAX_SEGMENT) {
      return "a part of the name is longer than " + MAX_SEGMENT + " characters";
    }
    if (!SEGMENT.matcher(segment).matches()) {
      return segment.isEmpty()
          ? "a part of the name is empty"
          : "a part of the name has a character that the store does not keep";
    }
    String folded = folded(segment);
    if (folded.endsWith(".gpg") || folded.endsWith(".pgp")) {
      return "a part of the name ends with .gpg or .pgp, which the store adds itself";
    }
    if (folded.endsWith(".")) {
      return "a part of the name ends with a dot";
    }
    String stem = folded.split("\\.", 2)[0];
    if (DEVICES.contains(stem) || NUMBERED_DEVICE.matcher(stem).matches()) {
      return "a part of the name is a device on Windows";
    }
    return "";
  }
}
