package de.lifetimecircle.secrets.testservers.keyvault;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Issues the tokens of the test server's directory, and checks them for its vault: signature,
 * times, audience, issuer, in this order. Allows no difference between clocks, where the service
 * allows some minutes, so that an expiry can be tested to the second.
 *
 * <p>Safe for use by several threads.
 */
final class KeyVaultTokens {
  /** The audience that the vault insists on. */
  static final String AUDIENCE = "https://vault.azure.net";

  /**
   * The directory has twice as many. No client checks a token, and this server signs one at each
   * login and makes a key at each revocation: with the whole length, half of the processor time of
   * a contract.
   */
  private static final int KEY_BITS = 1024;

  private final InstantSource clock;
  private final Duration lifetime;
  private final String tenant;
  private final Set<String> challenged = ConcurrentHashMap.newKeySet();
  private final Set<String> continuous = ConcurrentHashMap.newKeySet();
  private volatile SigningKey signing = FirstKey.KEY;

  /**
   * The key that every directory of this process signs with at first, as the real one has the same
   * for all tenants.
   */
  private static final class FirstKey {
    static final SigningKey KEY = SigningKey.create();
  }

  private record SigningKey(String id, KeyPair pair) {
    static SigningKey create() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(KEY_BITS);
        byte[] id = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        return new SigningKey(
            Base64.getUrlEncoder().withoutPadding().encodeToString(id),
            generator.generateKeyPair());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Cannot make an RSA key", e);
      }
    }

    @Override
    public String toString() {
      return "SigningKey[" + id + "]";
    }
  }

  /** The caller that a request comes from. */
  record Caller(String appId, String objectId, String issuer) {
    @Override
    public String toString() {
      return "appid=" + appId + ";oid=" + objectId + ";iss=" + issuer;
    }
  }

  KeyVaultTokens(InstantSource clock, Duration lifetime, String tenant) {
    this.clock = clock;
    this.lifetime = lifetime;
    this.tenant = tenant;
  }

  /** One that signs with the same key for another tenant, as the directory does for all. */
  KeyVaultTokens withTenant(String other) {
    KeyVaultTokens tokens = new KeyVaultTokens(clock, lifetime, other);
    tokens.signing = signing;
    return tokens;
  }

  /** The issuer of the tokens, the version 1 form that the vault gets. */
  String issuer() {
    return "https://sts.windows.net/" + tenant + "/";
  }

  /** A new key, as an issuer has whose tokens can be exchanged. */
  static KeyPair newKey() {
    return SigningKey.create().pair();
  }

  long lifetimeSeconds() {
    return lifetime.toSeconds();
  }

  /**
   * A token for a client.
   *
   * @param capabilities the capabilities that the client declares; {@code CP1} means it takes a
   *     challenge with claims
   */
  String issue(String clientId, String audience, String capabilities) {
    long now = clock.instant().getEpochSecond();
    String id = UUID.randomUUID().toString();
    if (capabilities.contains("CP1") || capabilities.contains("cp1")) {
      continuous.add(id);
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", audience);
    claims.put("iss", issuer());
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + lifetimeSeconds());
    claims.put("appid", clientId);
    claims.put("oid", objectId(clientId));
    claims.put("sub", objectId(clientId));
    claims.put("tid", tenant);
    claims.put("uti", id);
    claims.put("ver", "1.0");
    SigningKey key = signing;
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("typ", "JWT");
    header.put("alg", "RS256");
    header.put("x5t", key.id());
    header.put("kid", key.id());
    return KeyVaultJwt.sign(header, claims, key.pair().getPrivate());
  }

  private static String objectId(String clientId) {
    return UUID.nameUUIDFromBytes(clientId.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Makes every token so far one that no known key has signed. */
  void replaceKey() {
    signing = SigningKey.create();
    continuous.clear();
    challenged.clear();
  }

  /** Revokes every token so far whose client takes a challenge with claims. */
  void challengeAll() {
    challenged.addAll(continuous);
    continuous.clear();
  }

  /**
   * Checks a token.
   *
   * @param challenge the {@code WWW-Authenticate} header for a refused one
   * @throws KeyVaultRefusal 401 with the text of the service where one is known
   */
  Caller verify(String token, String challenge) {
    KeyVaultJwt jwt =
        KeyVaultJwt.parse(token)
            .orElseThrow(() -> refuse("Error validating token: IDX12741", challenge));
    SigningKey key = signing;
    if (!jwt.header("kid").equals(key.id())) {
      String header = "EncodedJwtHeader: '" + jwt.encodedHeader() + "'.";
      throw refuse(
          "AKV10046: Unable to resolve the key used for signature validation. " + header,
          challenge);
    }
    if (!jwt.signedBy(key.pair().getPublic())) {
      throw refuse("Error validating token: IDX10511", challenge);
    }
    checkTimes(jwt, challenge);
    checkTarget(jwt, challenge);
    return new Caller(jwt.claim("appid"), jwt.claim("oid"), jwt.claim("iss"));
  }

  private void checkTimes(KeyVaultJwt jwt, String challenge) {
    long now = clock.instant().getEpochSecond();
    if (jwt.time("exp").orElse(Long.MIN_VALUE) <= now) {
      throw refuse("[TokenExpired] Error validating token: 'S2S12086'.", challenge);
    }
    if (jwt.time("nbf").orElse(Long.MAX_VALUE) > now) {
      throw refuse("Error validating token: IDX10222", challenge);
    }
    if (challenged.contains(jwt.claim("uti"))) {
      String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"" + now + "\"}}}";
      byte[] bytes = claims.getBytes(StandardCharsets.US_ASCII);
      throw refuse(
          "AKV10000: The token was revoked: continuous access evaluation.",
          challenge
              + ", error=\"insufficient_claims\", claims=\""
              + Base64.getEncoder().encodeToString(bytes)
              + "\"");
    }
  }

  private void checkTarget(KeyVaultJwt jwt, String challenge) {
    String audience = jwt.claim("aud");
    if (!audience.equals(AUDIENCE)) {
      throw refuse(
          "AKV10022: Invalid audience. Expected " + AUDIENCE + ", found: " + audience + ".",
          challenge);
    }
    String issuer = jwt.claim("iss");
    if (!issuer.equals(issuer()) || !jwt.claim("tid").equals(tenant)) {
      throw refuse(
          "AKV10032: Invalid issuer. Expected one of " + issuer() + ", found " + issuer + ".",
          challenge);
    }
  }

  private static KeyVaultRefusal refuse(String message, String challenge) {
    return KeyVaultRefusal.unauthorized(message, challenge);
  }

  /** The public keys, as a JSON web key set (RFC 7517). */
  Map<String, Object> keySet() {
    SigningKey key = signing;
    RSAPublicKey rsa = (RSAPublicKey) key.pair().getPublic();
    Map<String, Object> jwk = new LinkedHashMap<>();
    jwk.put("kty", "RSA");
    jwk.put("use", "sig");
    jwk.put("kid", key.id());
    jwk.put("x5t", key.id());
    jwk.put("n", number(rsa.getModulus()));
    jwk.put("e", number(rsa.getPublicExponent()));
    return Map.of("keys", List.of(jwk));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    byte[] magnitude = java.util.Arrays.copyOfRange(bytes, sign, bytes.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(magnitude);
  }
}
