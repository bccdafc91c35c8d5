package de.lifetimecircle.secrets.azure.form;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value in the form that the service accepts. The service stores only text, so bytes that are not
 * text (not UTF-8, or with control characters) are sent as Base64 and declared in the content type.
 * Immutable; {@code toString} shows no value.
 *
 * @param text the text to send
 * @param contentType the content type; null to leave it to the caller
 */
public record StoredValue(String text, @Nullable String contentType) {
  /** The content type that says the text is Base64 of the value. */
  public static final String BINARY = "application/octet-stream;encoding=base64";

  /**
   * The longest text: the service says "25k bytes" (about-secrets, learn.microsoft.com) and refuses
   * what is "beyond the maximum permitted length of 25600 characters" (its answer in issue 5639 of
   * Azure/azure-cli); both read 2026-11-24. Bytes of UTF-8 are counted, which holds both limits.
   */
  static final int MAX_BYTES = 25_600;

  /** The longest value that is no text: a multiple of three, so that its Base64 fits exactly. */
  public static final int MAX_BINARY = MAX_BYTES / 4 * 3;

  /**
   * The form to send.
   *
   * @throws StoreFailure {@code TOO_LARGE}
   */
  public static StoredValue of(SecretValue value) {
    if (value.size() > MAX_BYTES) {
      throw tooLarge();
    }
    byte[] bytes = value.asBytes();
    try {
      String text = textOf(bytes);
      if (text != null) {
        return new StoredValue(text, null);
      }
      if (bytes.length > MAX_BINARY) {
        throw tooLarge();
      }
      return new StoredValue(Base64.getEncoder().encodeToString(bytes), BINARY);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Returns the failure for a value that Key Vault would reject for its size. */
  public static StoreFailure tooLarge() {
    return StoreFailure.of(
        Kind.TOO_LARGE,
        "Key Vault accepts " + MAX_BYTES + " bytes of text, or " + MAX_BINARY + " of anything else",
        "Store only a key here, and the data elsewhere, encrypted with it");
  }

  /** Returns the bytes as text; null if the service might not return the text unchanged. */
  private static @Nullable String textOf(byte[] bytes) {
    for (byte b : bytes) {
      if ((b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r') || b == 0x7f) {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Whether a content type says that the text is Base64 of the value. */
  public static boolean isBinary(@Nullable String contentType) {
    return contentType != null
        && contentType.replace(" ", "").toLowerCase(Locale.ROOT).equals(BINARY);
  }

  /**
   * Returns the value that the service holds.
   *
   * @throws StoreFailure {@code CORRUPT} if it is declared as Base64 and is not
   */
  public static SecretValue read(@Nullable String text, @Nullable String contentType) {
    if (text == null) {
      throw StoreFailure.of(
          Kind.CORRUPT, "the service's answer has no value", "Check that the URL is a Key Vault's");
    }
    if (!isBinary(contentType)) {
      return SecretValue.of(text);
    }
    byte[] bytes = {};
    try {
      bytes = Base64.getDecoder().decode(text);
      return SecretValue.of(bytes);
    } catch (IllegalArgumentException e) {
      // The cause is left out on purpose: its text shows a character of the value.
      throw StoreFailure.of(
          Kind.CORRUPT,
          "its content type says Base64, but the value is not Base64",
          "Put it again, or correct the content type in the vault");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "StoredValue[redacted]";
  }
}
