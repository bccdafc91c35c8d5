package de.lifetimecircle.secrets.azure.login;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.AuthenticateChallenge;
import com.azure.core.util.CoreUtils;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vault's demand for a token, from a 401 answer. Immutable.
 *
 * @param scope the scope that the token must have
 * @param tenant the tenant that must issue the token
 * @param claims further claims that the token must carry
 */
record Challenge(String scope, @Nullable String tenant, @Nullable String claims) {
  private static final String DEFAULT = "/.default";

  /** Reads the challenge of an answer; null if it is no 401 or has none that we understand. */
  static @Nullable Challenge of(HttpResponse answer) {
    String header = answer.getHeaderValue(HttpHeaderName.WWW_AUTHENTICATE);
    if (answer.getStatusCode() != 401 || header == null) {
      return null;
    }
    for (AuthenticateChallenge each : CoreUtils.parseAuthenticateHeader(header)) {
      if (each.getScheme().equalsIgnoreCase("Bearer")) {
        return of(each.getParameters());
      }
    }
    return null;
  }

  private static @Nullable Challenge of(Map<String, String> parameters) {
    String resource = parameters.get("resource");
    String scope = resource != null ? resource + DEFAULT : parameters.get("scope");
    if (scope == null) {
      return null;
    }
    String authorization = parameters.get("authorization");
    return new Challenge(
        scope,
        tenantOf(authorization != null ? authorization : parameters.get("authorization_uri")),
        "insufficient_claims".equalsIgnoreCase(parameters.get("error"))
            ? decoded(parameters.get("claims"))
            : null);
  }

  private static @Nullable String tenantOf(@Nullable String authorization) {
    try {
      String path = authorization == null ? null : URI.create(authorization).getPath();
      String[] parts = path == null ? new String[0] : path.split("/", -1);
      return parts.length > 1 && parts[1].matches("[0-9A-Za-z.-]{1,255}") ? parts[1] : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String decoded(@Nullable String claims) {
    try {
      String padded = claims == null ? "" : claims.replace('-', '+').replace('_', '/');
      return padded.isEmpty()
          ? null
          : new String(Base64.getDecoder().decode(padded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Rejects a challenge for a domain other than the vault's: otherwise a server under a wrong name
   * would get a token for a real vault.
   */
  void requireDomainOf(URI vault) {
    String domain = "";
    try {
      domain = String.valueOf(URI.create(scope).getHost()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      // Falls through: no host, so not the vault's.
    }
    if (!("." + vault.getHost()).endsWith("." + domain)) {
      throw StoreFailure.of(
          Kind.UNAUTHENTICATED,
          "the answer asks for a token for a domain other than the vault's",
          "Check azure.vault-url; for a vault outside the public clouds set"
              + " azure.challenge-verification to off");
    }
  }

  /** The same without claims, which are for one token only. */
  Challenge lasting() {
    return new Challenge(scope, tenant, null);
  }
}
