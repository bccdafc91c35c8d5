package de.lifetimecircle.secrets.operations.scan;

/** How the bytes of a value became text: as they are, or in an alphabet that hides them. */
enum ValueForm {
  /** As they are. */
  TEXT("plain"),
  /** Two digits for each byte, in capitals or not. */
  HEX("hex"),
  /** Base64, in the usual alphabet or the one for URLs; line ends and padding apart. */
  BASE64("base64");

  private final String word;

  ValueForm(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Whether a byte of a text stands for this byte of a needle. */
  boolean same(byte found, byte wanted) {
    return found == wanted
        || switch (this) {
          case TEXT -> false;
          case HEX -> found >= 'A' && found <= 'F' && found - 'A' + 'a' == wanted;
          case BASE64 -> (found == '-' && wanted == '+') || (found == '_' && wanted == '/');
        };
  }
}
