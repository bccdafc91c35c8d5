package de.lifetimecircle.secrets.azure.login;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.BinaryData;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Puts the token on each request, as the vault asks for it: the first request goes out without
 * token and body, its 401 says which token is wanted, and the request is repeated with it. A token
 * that the vault refuses later costs one new login and one repetition; a refused request was not
 * carried out, so that this holds for writes too.
 *
 * <p>The SDK's own policy would send a refused token again because it has not expired, and keeps
 * the vaults' demands in a map that all clients of the process share.
 */
public final class LoginPolicy implements HttpPipelinePolicy {
  private final Settings config;
  private final Tokens tokens;
  private volatile @Nullable Challenge challenge;

  /** Makes the policy of one store, which takes its tokens from there. */
  public LoginPolicy(Settings config, Tokens tokens) {
    this.config = config;
    this.tokens = tokens;
  }

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    return Mono.error(new UnsupportedOperationException("only the blocking client is used"));
  }

  @Override
  public HttpResponse processSync(
      HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
    HttpRequest request = context.getHttpRequest();
    readdress(request);
    HttpPipelineNextSyncPolicy with = next.clone();
    Challenge asked = challenge;
    if (asked == null) {
      HttpResponse first = unprotected(request, next);
      asked = accepted(Challenge.of(first));
      if (asked == null) {
        return requireRefusal(first);
      }
    }
    return protectedBy(asked, request, with);
  }

  private static HttpResponse unprotected(HttpRequest request, HttpPipelineNextSyncPolicy next) {
    BinaryData body = request.getBodyAsBinaryData();
    String length = request.getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH);
    request.setBody((BinaryData) null);
    request.setHeader(HttpHeaderName.CONTENT_LENGTH, "0");
    HttpResponse answer = next.processSync();
    if (body != null) {
      request.setBody(body);
    }
    request.setHeader(HttpHeaderName.CONTENT_LENGTH, length == null ? "0" : length);
    return answer;
  }

  private HttpResponse protectedBy(
      Challenge asked, HttpRequest request, HttpPipelineNextSyncPolicy next) {
    HttpPipelineNextSyncPolicy again = next.clone();
    String token = tokens.get(asked);
    HttpResponse answer = send(token, request, next);
    Challenge newer = accepted(Challenge.of(answer));
    return newer == null ? answer : send(tokens.login(newer, token), request, again);
  }

  private static HttpResponse send(
      String token, HttpRequest request, HttpPipelineNextSyncPolicy next) {
    request.setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + token);
    return next.processSync();
  }

  private @Nullable Challenge accepted(@Nullable Challenge asked) {
    if (asked != null) {
      if (config.challengeVerification()) {
        asked.requireDomainOf(config.vault());
      }
      challenge = asked.lasting();
    }
    return asked;
  }

  /** A vault lets no caller in without a token: another success is not the vault's. */
  private static HttpResponse requireRefusal(HttpResponse answer) {
    if (answer.getStatusCode() < 300) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "the answer is not from a Key Vault: it asks for no login",
          "Check azure.vault-url, and the proxies and portals in between");
    }
    return answer;
  }

  /**
   * The next page's address comes from the answer before it: its path and query count, and no other
   * host than the vault ever gets the token.
   */
  private void readdress(HttpRequest request) {
    URL url = request.getUrl();
    URI vault = config.vault();
    try {
      request.setUrl(new URL("https", vault.getHost(), vault.getPort(), url.getFile()));
    } catch (MalformedURLException e) {
      throw new IllegalStateException("an URL of parts of URLs", e);
    }
  }
}
