package de.lifetimecircle.secrets.operations.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Turns names in a key vault back into names of secrets, by the escape that docs/azure-store.md
 * defines. Stateless.
 */
final class KeyVaultNames {
  private KeyVaultNames() {}

  /** Returns the name before the escape; the text itself if it is not escaped. */
  static String decoded(String stored) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    boolean capitals = false;
    String left = stored.toLowerCase(Locale.ROOT);
    while (!left.isEmpty()) {
      int used = 1;
      if (left.charAt(0) != '-') {
        name.write(capitals ? Character.toUpperCase(left.charAt(0)) : left.charAt(0));
      } else if (left.matches("-x[0-9a-f]{2}.*")) {
        name.write(Integer.parseInt(left.substring(2, 4), 16));
        used = 4;
      } else if (left.startsWith("-k")) {
        capitals = !capitals;
        used = 2;
      } else {
        int sign = left.length() > 1 ? "-sud".indexOf(left.charAt(1)) : -1;
        if (sign < 0) {
          return stored;
        }
        name.write("-/_.".charAt(sign));
        used = 2;
      }
      left = left.substring(used);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(name.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) { // a name that people chose
      return stored;
    }
  }
}
