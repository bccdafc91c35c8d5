package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a generated value looks like. Immutable.
 *
 * @param type its alphabet
 * @param amount how much of it: random bytes, characters or words, as the type counts
 */
record ValueShape(Type type, int amount) {
  /** No generated value is weaker than 16 random bytes: out of reach for guessing, also offline. */
  static final int MINIMUM_BITS = 128;

  static final int MAXIMUM_AMOUNT = 4096;

  /** The alphabet of a value, and what its amount counts. */
  enum Type {
    HEX("bytes", 8, 32),
    HEX_UPPER("bytes", 8, 32),
    BASE64("bytes", 8, 32),
    BASE64URL("bytes", 8, 32),
    ALPHANUMERIC("length", Math.log(62) / Math.log(2), 32),
    /** Three syllables of one of 16 consonants and one of 5 vowels each: 80^3 words. */
    PASSPHRASE("words", 3 * Math.log(80) / Math.log(2), 7);

    final String unit;
    final double bitsEach;
    final int usual;

    Type(String unit, double bitsEach, int usual) {
      this.unit = unit;
      this.bitsEach = bitsEach;
      this.usual = usual;
    }

    /** The smallest amount that is strong enough. */
    int minimum() {
      return (int) Math.ceil(MINIMUM_BITS / bitsEach);
    }
  }

  private static final String ALPHANUMERICS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String HEX_DIGITS = "0123456789abcdef";
  // Letters that are read aloud alike are left out: c and q (k), j and y, x (ks).
  private static final String CONSONANTS = "bdfghklmnprstvwz";
  private static final String VOWELS = "aeiou";

  /** Refuses what is too weak or too large. */
  ValueShape {
    if (amount < type.minimum()) {
      throw CommandFailure.usage(
          String.format(
              Locale.ROOT,
              "Cannot generate a value that weak: --%s %d is about %d bits (expected: at least"
                  + " --%s %d, which is %d bits).",
              type.unit,
              amount,
              (int) (Math.max(0, amount) * type.bitsEach),
              type.unit,
              type.minimum(),
              (int) (type.minimum() * type.bitsEach)));
    }
    if (amount > MAXIMUM_AMOUNT) {
      throw CommandFailure.usage(
          "Cannot generate a value that long (expected: --"
              + type.unit
              + " at most "
              + MAXIMUM_AMOUNT
              + ").");
    }
  }

  /** How hard it is to guess: the logarithm of the number of values of this shape. */
  int bits() {
    return (int) (amount * type.bitsEach);
  }

  /** Makes a value; the caller closes it. */
  SecretValue make(RandomGenerator random) {
    byte[] text =
        switch (type) {
          case HEX -> hex(random, HEX_DIGITS);
          case HEX_UPPER -> hex(random, HEX_DIGITS.toUpperCase(Locale.ROOT));
          case BASE64 -> base64(random, Base64.getEncoder());
          case BASE64URL -> base64(random, Base64.getUrlEncoder().withoutPadding());
          case ALPHANUMERIC -> letters(random);
          case PASSPHRASE -> words(random);
        };
    try {
      return SecretValue.of(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private byte[] hex(RandomGenerator random, String digits) {
    byte[] text = new byte[2 * amount];
    for (int i = 0; i < text.length; i++) {
      text[i] = pick(digits, random);
    }
    return text;
  }

  private byte[] base64(RandomGenerator random, Base64.Encoder encoder) {
    byte[] raw = new byte[amount];
    random.nextBytes(raw);
    byte[] text = encoder.encode(raw);
    Arrays.fill(raw, (byte) 0);
    return text;
  }

  private byte[] letters(RandomGenerator random) {
    byte[] text = new byte[amount];
    for (int i = 0; i < text.length; i++) {
      text[i] = pick(ALPHANUMERICS, random);
    }
    return text;
  }

  private byte[] words(RandomGenerator random) {
    byte[] text = new byte[7 * amount - 1];
    for (int i = 0; i < text.length; i++) {
      int inWord = i % 7;
      if (inWord == 6) {
        text[i] = '-';
      } else {
        text[i] = pick(inWord % 2 == 0 ? CONSONANTS : VOWELS, random);
      }
    }
    return text;
  }

  private static byte pick(String alphabet, RandomGenerator random) {
    return (byte) alphabet.charAt(random.nextInt(alphabet.length()));
  }

  /**
   * The shape that a value certainly has, or nothing. Strict, because a value of the wrong alphabet
   * breaks its reader: a number, a UUID or words with dashes are no shape.
   */
  static @Nullable ValueShape recognise(SecretValue value) {
    byte[] bytes = value.asBytes();
    try {
      return recognise(new String(bytes, StandardCharsets.ISO_8859_1));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static @Nullable ValueShape recognise(String text) {
    int length = text.length();
    if (length < 22 || length > MAXIMUM_AMOUNT) {
      return null;
    }
    boolean digit = any(text, '0', '9');
    boolean lower = any(text, 'a', 'z');
    boolean upper = any(text, 'A', 'Z');
    if (digit && lower != upper && length % 2 == 0 && length >= 32) {
      if (only(text, HEX_DIGITS)) {
        return new ValueShape(Type.HEX, length / 2);
      }
      if (only(text, HEX_DIGITS.toUpperCase(Locale.ROOT))) {
        return new ValueShape(Type.HEX_UPPER, length / 2);
      }
    }
    if (!digit || !lower || !upper) {
      return null;
    }
    if (only(text, ALPHANUMERICS)) {
      return new ValueShape(Type.ALPHANUMERIC, length);
    }
    if (only(text, ALPHANUMERICS + "-_") && length % 4 != 1) {
      return new ValueShape(Type.BASE64URL, length * 3 / 4);
    }
    String unpadded = text.replaceFirst("={1,2}$", "");
    if (length % 4 == 0 && length >= 24 && only(unpadded, ALPHANUMERICS + "+/")) {
      return new ValueShape(Type.BASE64, length / 4 * 3 - (length - unpadded.length()));
    }
    return null;
  }

  private static boolean any(String text, char first, char last) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= first && text.charAt(i) <= last) {
        return true;
      }
    }
    return false;
  }

  private static boolean only(String text, String alphabet) {
    for (int i = 0; i < text.length(); i++) {
      if (alphabet.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
