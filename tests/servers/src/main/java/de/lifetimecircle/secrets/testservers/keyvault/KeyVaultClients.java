package de.lifetimecircle.secrets.testservers.keyvault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The clients that the test server's directory knows, and their proofs: a secret, a certificate, or
 * a token of an issuer that is trusted for them (federation, as workload identity uses it).
 *
 * <p>Safe for use by several threads.
 */
final class KeyVaultClients {
  /** The audience of a token that is exchanged for one of the directory's. */
  static final String FEDERATION_AUDIENCE = "api://AzureADTokenExchange";

  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final List<X509Certificate> certificates = new CopyOnWriteArrayList<>();
  private final Map<String, PublicKey> issuers = new ConcurrentHashMap<>();
  private final InstantSource clock;

  KeyVaultClients(InstantSource clock) {
    this.clock = clock;
  }

  void add(String clientId, String secret) {
    secrets.put(clientId, secret);
  }

  /** Takes assertions signed with the key of this certificate, from every client. */
  void trust(X509Certificate certificate) {
    certificates.add(certificate);
  }

  /** Takes tokens of this issuer for this subject, from every client. */
  void trust(String issuer, String subject, PublicKey key) {
    issuers.put(issuer + " " + subject, key);
  }

  boolean knows(String clientId) {
    return secrets.containsKey(clientId);
  }

  boolean hasSecret(String clientId, String secret) {
    byte[] known = secrets.getOrDefault(clientId, "").getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(known, secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks an assertion; empty if it is good, else the code and text of the directory's error.
   *
   * @param audience the token endpoint as the client addressed it
   */
  Optional<KeyVaultLoginError> check(String assertion, String clientId, String audience) {
    Optional<KeyVaultJwt> parsed = KeyVaultJwt.parse(assertion);
    if (parsed.isEmpty()) {
      return KeyVaultLoginError.client(50027, "JWT token is invalid or malformed.");
    }
    KeyVaultJwt jwt = parsed.get();
    if (!isValidNow(jwt)) {
      return KeyVaultLoginError.client(
          700024, "Client assertion is not within its valid time range.");
    }
    return jwt.claim("iss").equals(clientId)
        ? checkCertificate(jwt, clientId, audience)
        : checkFederation(jwt);
  }

  private boolean isValidNow(KeyVaultJwt jwt) {
    long now = clock.instant().getEpochSecond();
    return jwt.time("exp").orElse(Long.MIN_VALUE) > now && jwt.time("nbf").orElse(now) <= now;
  }

  private Optional<KeyVaultLoginError> checkCertificate(
      KeyVaultJwt jwt, String clientId, String audience) {
    Optional<X509Certificate> found =
        certificates.stream().filter(certificate -> names(jwt, certificate)).findFirst();
    if (found.isEmpty()) {
      return KeyVaultLoginError.client(
          700027,
          "Client assertion failed signature validation. [Reason - The key was not found.]");
    }
    if (!jwt.signedBy(found.get().getPublicKey())) {
      return KeyVaultLoginError.client(700027, "Client assertion failed signature validation.");
    }
    if (!jwt.claim("sub").equals(clientId)) {
      return KeyVaultLoginError.client(
          700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
    }
    return jwt.claim("aud").equals(audience)
        ? Optional.empty()
        : KeyVaultLoginError.client(
            700023, "Client assertion audience claim does not match Realm issuer.");
  }

  private static boolean names(KeyVaultJwt jwt, X509Certificate certificate) {
    return unpadded(jwt.header("x5t#S256")).equals(thumbprint(certificate, "SHA-256"))
        || unpadded(jwt.header("x5t")).equals(thumbprint(certificate, "SHA-1"));
  }

  /**
   * The directory takes both alphabets: Microsoft's library for Java sends the padded plain one.
   */
  private static String unpadded(String base64) {
    return base64.replace('+', '-').replace('/', '_').replace("=", "");
  }

  private static String thumbprint(X509Certificate certificate, String algorithm) {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make the thumbprint of a certificate", e);
    }
  }

  private Optional<KeyVaultLoginError> checkFederation(KeyVaultJwt jwt) {
    String issuer = jwt.claim("iss");
    String subject = jwt.claim("sub");
    if (issuers.keySet().stream().noneMatch(known -> known.startsWith(issuer + " "))) {
      return KeyVaultLoginError.client(700211, unmatched("issuer", issuer));
    }
    PublicKey key = issuers.get(issuer + " " + subject);
    if (key == null) {
      return KeyVaultLoginError.client(700213, unmatched("subject", subject));
    }
    if (!jwt.claim("aud").equals(FEDERATION_AUDIENCE)) {
      return KeyVaultLoginError.client(700212, unmatched("audience", jwt.claim("aud")));
    }
    return jwt.signedBy(key)
        ? Optional.empty()
        : KeyVaultLoginError.client(
            50013, "Assertion failed signature validation. [Reason - The key was not found.]");
  }

  private static String unmatched(String what, String found) {
    return "No matching federated identity record found for presented assertion "
        + what
        + " '"
        + found
        + "'.";
  }

  /** Names the clients' number, not their secrets. */
  @Override
  public String toString() {
    return "KeyVaultClients[" + secrets.size() + "]";
  }
}
