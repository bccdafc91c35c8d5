package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that writes or changes a version; null for each part that it leaves out.
 */
record KeyVaultDraft(
    @Nullable String value,
    @Nullable String contentType,
    @Nullable Map<String, String> tags,
    @Nullable Boolean enabled,
    @Nullable Long notBefore,
    @Nullable Long expires) {

  /**
   * The largest value in bytes. "A maximum size of 25k bytes", elsewhere "25 KB"
   * (learn.microsoft.com/azure/key-vault/secrets/about-secrets, read 2026-11-24), taken as 1024s.
   */
  static final int MAX_VALUE = 25 * 1024;

  // The same page: 255 characters of content type; 15 tags of 256 and 256 characters.
  private static final int MAX_CONTENT_TYPE = 255;
  private static final int MAX_TAGS = 15;
  private static final int MAX_TAG = 256;

  /**
   * Reads a body. The texts of the refusals are our own, not recorded from the service.
   *
   * @throws KeyVaultRefusal if the body is not JSON or exceeds a limit
   */
  static KeyVaultDraft read(byte[] body) {
    Map<?, ?> json = object(parse(body), "body");
    Map<?, ?> attributes = object(json.get("attributes"), "attributes");
    return new KeyVaultDraft(
            text(json, "value"),
            text(json, "contentType"),
            tags(json.get("tags")),
            attributes.get("enabled") instanceof Boolean enabled ? enabled : null,
            time(attributes, "nbf"),
            time(attributes, "exp"))
        .checked();
  }

  private static @Nullable Object parse(byte[] body) {
    try {
      // Strict: a text that is not UTF-8 must not come back as another one.
      return Json.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw KeyVaultRefusal.badParameter("The request body is not valid JSON.");
    }
  }

  private static Map<?, ?> object(@Nullable Object json, String what) {
    if (json == null) {
      return Map.of();
    }
    if (json instanceof Map<?, ?> map) {
      return map;
    }
    throw KeyVaultRefusal.badParameter("Property " + what + " has invalid value");
  }

  private static @Nullable String text(Map<?, ?> json, String name) {
    Object text = json.get(name);
    if (text == null || text instanceof String) {
      return (String) text;
    }
    throw KeyVaultRefusal.badParameter("Property " + name + " has invalid value");
  }

  private static @Nullable Long time(Map<?, ?> json, String name) {
    return json.get(name) instanceof BigDecimal number ? number.longValue() : null;
  }

  private static @Nullable Map<String, String> tags(@Nullable Object json) {
    if (json == null) {
      return null;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    object(json, "tags").forEach((name, value) -> tags.put("" + name, "" + value));
    return tags;
  }

  private KeyVaultDraft checked() {
    limit("value", value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length, MAX_VALUE);
    limit("contentType", contentType == null ? 0 : contentType.length(), MAX_CONTENT_TYPE);
    Map<String, String> held = tags == null ? Map.of() : tags;
    limit("tags", held.size(), MAX_TAGS);
    held.forEach((name, tag) -> limit("tags", Math.max(name.length(), tag.length()), MAX_TAG));
    return this;
  }

  private static void limit(String property, int is, int most) {
    if (is > most) {
      throw KeyVaultRefusal.badParameter(
          "Property " + property + " has invalid value: more than " + most);
    }
  }

  /** Shows nothing: it holds a value. */
  @Override
  public String toString() {
    return "KeyVaultDraft";
  }
}
