package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names as file names: letters, digits, {@code -} and {@code _} as they are, every other byte of
 * UTF-8 as {@code %XX}. So no name leads out of the folder, none begins with a dot, and no two
 * meet. Stateless.
 */
final class PlainNames {
  /** Three times as many characters still fit into the 255 of a file name. */
  static final int MAX = 80;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PlainNames() {}

  static String encode(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0
        || bytes.length > MAX
        || !new String(bytes, StandardCharsets.UTF_8).equals(name)) {
      throw SecretException.of(Kind.BAD_NAME, "use secret")
          .name(name)
          .scheme(PlainStoreFactory.SCHEME)
          .reason("a name has 1 to " + MAX + " bytes of UTF-8")
          .advice("Choose a shorter one")
          .build();
    }
    StringBuilder file = new StringBuilder();
    for (byte each : bytes) {
      if (isPlain(each)) {
        file.append((char) each);
      } else {
        file.append('%').append(HEX.toHexDigits(each));
      }
    }
    return file.toString();
  }

  private static boolean isPlain(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '-'
        || each == '_';
  }

  /** The name of a file that {@link #encode} has named. */
  static String decode(String file) {
    byte[] bytes = new byte[file.length()];
    int length = 0;
    for (int i = 0; i < file.length(); i++) {
      boolean isEscape = file.charAt(i) == '%' && i + 2 < file.length();
      bytes[length++] =
          isEscape ? (byte) HexFormat.fromHexDigits(file, i + 1, i + 3) : (byte) file.charAt(i);
      i += isEscape ? 2 : 0;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
