package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed JSON web token (RFC 7515, RFC 7519) in its compact form. Knows RS256 and PS256; a token
 * of another algorithm, {@code none} above all, has no signature. Immutable.
 */
final class KeyVaultJwt {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final String encodedHeader;
  private final String signed;
  private final byte[] signature;
  private final Map<?, ?> header;
  private final Map<?, ?> claims;

  private KeyVaultJwt(String[] parts) {
    this.encodedHeader = parts[0];
    this.signed = parts[0] + "." + parts[1];
    this.signature = Base64.getUrlDecoder().decode(parts[2]);
    this.header = object(parts[0]);
    this.claims = object(parts[1]);
  }

  /** Parses a token; empty if the text is not one. This method verifies nothing. */
  static Optional<KeyVaultJwt> parse(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(new KeyVaultJwt(parts));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<?, ?> object(String part) {
    byte[] bytes = Base64.getUrlDecoder().decode(part);
    Object parsed = Json.parse(new String(bytes, StandardCharsets.UTF_8));
    if (parsed instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("a part of the token is no JSON object");
  }

  /** A token signed with RS256. */
  static String sign(Map<String, ?> header, Map<String, ?> claims, PrivateKey key) {
    String signed = encode(Json.write(header)) + "." + encode(Json.write(claims));
    try {
      Signature rsa = Signature.getInstance("SHA256withRSA");
      rsa.initSign(key);
      rsa.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(rsa.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot sign a token with a key of our own", e);
    }
  }

  static String encode(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  boolean signedBy(PublicKey key) {
    try {
      Signature rsa = algorithm();
      if (rsa == null) {
        return false;
      }
      rsa.initVerify(key);
      rsa.update(signed.getBytes(StandardCharsets.US_ASCII));
      return rsa.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature that cannot be read, or a key of another kind: not signed by this key.
      return false;
    }
  }

  private @Nullable Signature algorithm() throws GeneralSecurityException {
    String name = header("alg");
    if (name.equals("RS256")) {
      return Signature.getInstance("SHA256withRSA");
    }
    if (!name.equals("PS256")) {
      return null;
    }
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    return pss;
  }

  /** The header as it was sent: it names a key and an algorithm, nothing secret. */
  String encodedHeader() {
    return encodedHeader;
  }

  /** A text in the header, or an empty one. */
  String header(String name) {
    return header.get(name) instanceof String text ? text : "";
  }

  /** A text claim, or an empty one. */
  String claim(String name) {
    return claims.get(name) instanceof String text ? text : "";
  }

  /** A claim in seconds since 1970; empty if it is missing or no number. */
  Optional<Long> time(String name) {
    return claims.get(name) instanceof BigDecimal number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /** Names the kind only. */
  @Override
  public String toString() {
    return "Jwt";
  }
}
