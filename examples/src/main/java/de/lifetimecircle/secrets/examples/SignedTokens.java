package de.lifetimecircle.secrets.examples;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies tokens (JWT, HS256) with a secret that may rotate at any moment: signs with
 * the current version and accepts every valid one. Safe for use by several threads.
 */
final class SignedTokens {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretProvider secrets;
  private final String keyName;
  private final InstantSource clock;

  SignedTokens(SecretProvider secrets, String keyName, InstantSource clock) {
    this.secrets = secrets;
    this.keyName = keyName;
    this.clock = clock;
  }

  /**
   * A token and the version of the key that signed it.
   *
   * @param text the token
   * @param keyVersion the version
   */
  record Token(String text, String keyVersion) {}

  Token issue(String subject) {
    Secret key = secrets.get(keyName);
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "HS256");
    header.put("typ", "JWT");
    header.put("kid", key.version());
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", subject);
    claims.put("exp", clock.instant().plus(LIFE).getEpochSecond());
    String signed = encode(Json.write(header)) + "." + encode(Json.write(claims));
    return new Token(signed + "." + ENCODER.encodeToString(mac(key, signed)), key.version());
  }

  /** The version of the key that signed the token; nothing if none of the valid ones did. */
  Optional<String> verify(String token) {
    int dot = token.lastIndexOf('.');
    if (dot < 0 || isOver(token)) {
      return Optional.empty();
    }
    String signed = token.substring(0, dot);
    byte[] signature = decode(token.substring(dot + 1));
    // The key id of the token is not believed: each valid version is tried.
    return secrets.validVersions(keyName).stream()
        .filter(key -> MessageDigest.isEqual(mac(key, signed), signature))
        .map(Secret::version)
        .findFirst();
  }

  private boolean isOver(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return true;
    }
    try {
      Object claims = Json.parse(new String(decode(parts[1]), StandardCharsets.UTF_8));
      return !(claims instanceof Map<?, ?> map)
          || !(map.get("exp") instanceof Number exp)
          || exp.longValue() <= clock.instant().getEpochSecond();
    } catch (IllegalArgumentException notJson) {
      return true;
    }
  }

  private static byte[] mac(Secret key, String text) {
    byte[] bytes = key.value().asBytes();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static String encode(String json) {
    return ENCODER.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0]; // equal to no signature
    }
  }
}
