package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The form of a generated value: {@code hex 32} is 32 random bytes in hex digits. Immutable.
 *
 * @param type its alphabet
 * @param amount the number of random bytes, characters or words, depending on the type
 */
public record ValueShape(Type type, int amount) {
  /** The least strength, 16 random bytes, which cannot be guessed, not even offline. */
  static final int MINIMUM_BITS = 128;

  static final int MAXIMUM_AMOUNT = 4096;

  private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String LETTERS = CAPITALS + "abcdefghijklmnopqrstuvwxyz";
  // Without letters that sound alike when read aloud: c and q (k), j and y, x (ks).
  private static final String CONSONANTS = "bdfghklmnprstvwz";
  private static final String VOWELS = "aeiou";
  private static final String DIGITS = "0123456789";

  /** The alphabet of a value, and the unit of its amount. */
  public enum Type implements Worded {
    /** Hex digits with small letters; counts random bytes. */
    HEX("bytes", 8, 32, DIGITS + "abcdef"),
    /** Hex digits with capitals; counts random bytes. */
    HEX_UPPER("bytes", 8, 32, DIGITS + "ABCDEF"),
    /** Base64 with its padding; counts random bytes. */
    BASE64("bytes", 8, 32, LETTERS + DIGITS + "+/="),
    /** Base64 for URLs, without padding; counts random bytes. */
    BASE64URL("bytes", 8, 32, LETTERS + DIGITS + "-_"),
    /** Letters and digits; counts characters. */
    ALPHANUMERIC("length", Math.log(62) / Math.log(2), 32, LETTERS + DIGITS),
    /** Three syllables of one of 16 consonants and one of 5 vowels each: 80^3 words. */
    PASSPHRASE("words", 3 * Math.log(80) / Math.log(2), 7, CONSONANTS + VOWELS + "-");

    private final String unit;
    private final double bitsEach;
    private final int usual;
    private final String alphabet;

    Type(String unit, double bitsEach, int usual, String alphabet) {
      this.unit = unit;
      this.bitsEach = bitsEach;
      this.usual = usual;
      this.alphabet = alphabet;
    }

    /** Returns the unit of the amount: {@code bytes}, {@code length} or {@code words}. */
    public String unit() {
      return unit;
    }

    /** Returns the default amount. */
    public int usual() {
      return usual;
    }

    /** Returns the smallest amount that is strong enough. */
    public int minimum() {
      return (int) Math.ceil(MINIMUM_BITS / bitsEach);
    }

    static List<String> words() {
      return Arrays.stream(values()).map(Type::word).toList();
    }
  }

  /**
   * Rejects an amount that is too weak or too large.
   *
   * @throws IllegalArgumentException if the amount is out of range; names the smallest valid amount
   */
  public ValueShape {
    if (amount < type.minimum()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "too weak: %s %d is about %d bits (expected: at least %s %d, which is %d bits)",
              type.unit,
              amount,
              (int) (Math.max(0, amount) * type.bitsEach),
              type.unit,
              type.minimum(),
              (int) (type.minimum() * type.bitsEach)));
    }
    if (amount > MAXIMUM_AMOUNT) {
      throw new IllegalArgumentException(
          "too long (expected: " + type.unit + " at most " + MAXIMUM_AMOUNT + ")");
    }
  }

  /** Returns the strength in bits: the logarithm of the number of values of this shape. */
  public int bits() {
    return (int) (amount * type.bitsEach);
  }

  /** Returns the number of characters of a value. */
  int length() {
    return switch (type) {
      case HEX, HEX_UPPER -> 2 * amount;
      case BASE64 -> (amount + 2) / 3 * 4;
      case BASE64URL -> (4 * amount + 2) / 3;
      case ALPHANUMERIC -> amount;
      case PASSPHRASE -> 7 * amount - 1;
    };
  }

  /**
   * Parses an inventory's form, such as {@code hex 32}; the amount is optional.
   *
   * @throws IllegalArgumentException if the text has another form, or is too weak or too large
   */
  static ValueShape parse(String text) {
    String[] parts = text.split(" ", 2);
    int index = Type.words().indexOf(parts[0]);
    if (index < 0) {
      throw new IllegalArgumentException("no such type");
    }
    Type type = Type.values()[index];
    return new ValueShape(type, parts.length == 1 ? type.usual() : Integer.parseInt(parts[1]));
  }

  /** Returns the form that {@link #parse} reads. */
  @Override
  public String toString() {
    return type.word() + " " + amount;
  }

  /** Generates a value; the caller closes it. */
  public SecretValue make(RandomGenerator random) {
    byte[] text =
        switch (type) {
          case HEX, HEX_UPPER, ALPHANUMERIC -> letters(random);
          case BASE64 -> base64(random, Base64.getEncoder());
          case BASE64URL -> base64(random, Base64.getUrlEncoder().withoutPadding());
          case PASSPHRASE -> words(random);
        };
    try {
      return SecretValue.of(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private byte[] base64(RandomGenerator random, Base64.Encoder encoder) {
    byte[] raw = new byte[amount];
    random.nextBytes(raw);
    byte[] text = encoder.encode(raw);
    Arrays.fill(raw, (byte) 0);
    return text;
  }

  private byte[] letters(RandomGenerator random) {
    byte[] text = new byte[length()];
    for (int i = 0; i < text.length; i++) {
      text[i] = pick(type.alphabet, random);
    }
    return text;
  }

  private byte[] words(RandomGenerator random) {
    byte[] text = new byte[length()];
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
   * Returns the shape that a value certainly has, if any. Strict, because a value of the wrong
   * alphabet breaks its reader: a number, a UUID or words with dashes have no shape.
   */
  public static @Nullable ValueShape recognise(SecretValue value) {
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
    boolean digit = any(text, DIGITS);
    boolean lower = any(text, LETTERS.substring(CAPITALS.length()));
    boolean upper = any(text, CAPITALS);
    if (digit && lower != upper && length % 2 == 0 && length >= 32) {
      Type hex = lower ? Type.HEX : Type.HEX_UPPER;
      return only(text, hex.alphabet) ? new ValueShape(hex, length / 2) : null;
    }
    if (!digit || !lower || !upper) {
      return null;
    }
    if (only(text, Type.ALPHANUMERIC.alphabet)) {
      return new ValueShape(Type.ALPHANUMERIC, length);
    }
    if (only(text, Type.BASE64URL.alphabet) && length % 4 != 1) {
      return new ValueShape(Type.BASE64URL, length * 3 / 4);
    }
    String unpadded = text.replaceFirst("={1,2}$", "");
    if (length % 4 == 0 && length >= 24 && only(unpadded, LETTERS + DIGITS + "+/")) {
      return new ValueShape(Type.BASE64, length / 4 * 3 - (length - unpadded.length()));
    }
    return null;
  }

  /** Returns whether a value has the length and the alphabet of this shape. */
  public boolean fits(SecretValue value) {
    byte[] bytes = value.asBytes();
    try {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return text.length() == length() && only(text, type.alphabet);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static boolean any(String text, String alphabet) {
    return text.chars().anyMatch(c -> alphabet.indexOf(c) >= 0);
  }

  private static boolean only(String text, String alphabet) {
    return text.chars().allMatch(c -> alphabet.indexOf(c) >= 0);
  }
}
