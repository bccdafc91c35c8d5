package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * A value as Secrets Manager keeps it: text as text, so that people and other programs can read it,
 * anything that is not UTF-8 as bytes. Exactly one of the two is present.
 *
 * @param text the value as text
 * @param binary the value as bytes
 */
public record Values(@Nullable String text, @Nullable SdkBytes binary) {
  /** In bytes (reference_limits, read 2026-11-24). */
  public static final int MAX_BYTES = 65_536;

  /**
   * A value to be written.
   *
   * @throws StoreFailure {@code UNSUPPORTED} for an empty one, {@code TOO_LARGE}
   */
  public static Values of(SecretValue value) {
    if (value.isEmpty()) {
      throw StoreFailure.of(
          Kind.UNSUPPORTED, "Secrets Manager keeps no empty value", "Delete the secret instead");
    }
    if (value.size() > MAX_BYTES) {
      throw StoreFailure.of(
          Kind.TOO_LARGE,
          "Secrets Manager accepts values of at most 64 KiB",
          "Keep large data elsewhere, encrypted with a key that is the secret");
    }
    byte[] bytes = value.asBytes();
    try {
      return new Values(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), null);
    } catch (CharacterCodingException e) {
      return new Values(null, SdkBytes.fromByteArray(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Whether that answer holds this very value. */
  boolean isIn(GetSecretValueResponse answer) {
    byte[] held = bytes(answer.secretString(), answer.secretBinary());
    byte[] own = bytes(text, binary);
    try {
      return java.security.MessageDigest.isEqual(held, own);
    } finally {
      Arrays.fill(held, (byte) 0);
      Arrays.fill(own, (byte) 0);
    }
  }

  private static byte[] bytes(@Nullable String text, @Nullable SdkBytes binary) {
    if (text != null) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return binary == null ? new byte[0] : binary.asByteArray();
  }

  static StoredSecret stored(GetSecretValueResponse answer) {
    return stored(
        answer.secretString(), answer.secretBinary(), answer.versionId(), answer.createdDate());
  }

  static StoredSecret stored(
      @Nullable String text, @Nullable SdkBytes binary, String version, @Nullable Instant created) {
    byte[] bytes = bytes(text, binary);
    try {
      return new StoredSecret(
          SecretValue.of(bytes), version, created == null ? Instant.EPOCH : created);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "Values[redacted]";
  }
}
