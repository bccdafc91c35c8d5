package de.lifetimecircle.secrets.operations.scan;

/** The form in which a value became text: unchanged, or in an alphabet that hides it. */
enum ValueForm {
  /** Unchanged. */
  TEXT("plain"),
  /** Two digits for each byte, in capital or small letters. */
  HEX("hex"),
  /** Base64, in the usual alphabet or the one for URLs, without line ends and padding. */
  BASE64("base64");

  private final String word;

  ValueForm(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Returns whether a byte of a text matches a byte of a needle. */
  boolean same(byte found, byte wanted) {
    return found == wanted
        || switch (this) {
          case TEXT -> false;
          case HEX -> found >= 'A' && found <= 'F' && found - 'A' + 'a' == wanted;
          case BASE64 -> (found == '-' && wanted == '+') || (found == '_' && wanted == '/');
        };
  }
}
