package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The way in which the fields of a secret hold a value.
 *
 * <p>Text is stored in the field itself, so that {@code vault kv get} shows it plainly. Other bytes
 * are stored as Base64, with {@code FIELD-encoding: base64} beside them, so a text that looks like
 * Base64 stays text. If no field is configured and the secret lacks the default one, it is read as
 * a JSON object of all its fields. A write leaves the other fields unchanged.
 *
 * @param field the field
 * @param isChosen whether a setting or the name chose it
 */
public record Fields(String field, boolean isChosen) {
  /** So that its base64 and a few small fields fit into the server's 1 MiB of storage. */
  public static final int MAX_BYTES = 700 * 1024;

  private static final int MAX_TEXT = 960_000;
  private static final String BASE64 = "base64";

  private String encodingField() {
    return field + "-encoding";
  }

  private String versionField() {
    return field + "-version";
  }

  /** The value in these fields; empty if they do not have it. */
  public Optional<SecretValue> value(Map<?, ?> fields) {
    Object content = fields.get(field);
    if (content == null) {
      return isChosen ? Optional.empty() : Optional.of(SecretValue.of(Json.write(fields)));
    }
    String text = content instanceof String string ? string : Json.write(content);
    Object encoding = fields.get(encodingField());
    if (!BASE64.equals(encoding)) {
      return Optional.of(SecretValue.of(text));
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      SecretValue value = SecretValue.of(bytes);
      Arrays.fill(bytes, (byte) 0);
      return Optional.of(value);
    } catch (IllegalArgumentException e) {
      throw StoreFailure.of(
          Kind.CORRUPT,
          "the field '" + field + "' is said to be base64 and is not",
          "Write it again, or remove the field '" + encodingField() + "'");
    }
  }

  /** The fields with that value in place of the old one. */
  public Map<String, Object> with(Map<?, ?> fields, SecretValue value) {
    Map<String, Object> next = new LinkedHashMap<>();
    fields.forEach((key, content) -> next.put(String.valueOf(key), content));
    next.remove(encodingField());
    byte[] bytes = value.asBytes();
    Optional<String> text = text(bytes);
    next.put(field, text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)));
    if (text.isEmpty()) {
      next.put(encodingField(), BASE64);
    }
    Arrays.fill(bytes, (byte) 0);
    return next;
  }

  /**
   * Returns the bytes as text; empty if they are not text, or if the server would escape it to many
   * times its size.
   */
  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return stored(bytes) <= MAX_TEXT ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** At most how long the text is in the server's JSON, which writes some characters as six. */
  private static long stored(byte[] bytes) {
    long length = 0;
    for (byte b : bytes) {
      length += b >= 0 && (b < 0x20 || b == '<' || b == '>' || b == '&' || b == 0x7f) ? 6 : 1;
      length += b == '"' || b == '\\' || b == (byte) 0xe2 ? 3 : 0;
    }
    return length;
  }

  /** The version that this library wrote beside the value (KV v1 has none of its own). */
  public Optional<String> version(Map<?, ?> fields) {
    return Optional.of(Json.text(fields, versionField())).filter(text -> !text.isEmpty());
  }

  /** Adds a version to the fields. */
  void putVersion(Map<String, Object> fields, String version) {
    fields.put(versionField(), version);
  }

  static void requireSize(SecretValue value) {
    if (value.size() > MAX_BYTES) {
      throw StoreFailure.of(
          Kind.TOO_LARGE,
          "the value is larger than " + MAX_BYTES + " bytes",
          "Keep large data elsewhere, and its key here");
    }
  }
}
