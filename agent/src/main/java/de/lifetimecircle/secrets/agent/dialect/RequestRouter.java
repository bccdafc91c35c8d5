package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.AgentMetrics;
import de.lifetimecircle.secrets.agent.http.AgentServer;
import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each request of one listener to its dialect, after the checks that are the same for all: no
 * request that a browser or a proxy passes on, no foreign host, the token taken out. Safe for use
 * by several threads.
 */
public final class RequestRouter implements AgentServer.Handler {
  /** The path that carries a token, for clients that cannot send a header: {@code /t/TOKEN/…}. */
  private static final String TOKEN_PATH = "/t/";

  private static final String PORT = ":[0-9]{1,5}$";

  private static final List<String> TOKEN_HEADERS =
      List.of("x-aws-parameters-secrets-token", "x-vault-token");

  /** Headers of proxies and browsers; a client on this host sends none of them. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "forwarded",
          "via",
          "origin",
          "x-real-ip",
          "true-client-ip",
          "client-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-client-ip",
          "x-cluster-client-ip");

  private final Map<String, Dialect> dialects;
  private final Set<String> hosts;
  private final AgentMetrics metrics;

  /**
   * Routes to these dialects.
   *
   * @param dialects by their words in metrics, in the order in which they are asked
   * @param hosts the values of {@code Host} that are not foreign, in lower case
   */
  public RequestRouter(Map<String, Dialect> dialects, Set<String> hosts, AgentMetrics metrics) {
    this.dialects = new LinkedHashMap<>(dialects);
    this.hosts = Set.copyOf(hosts);
    this.metrics = metrics;
  }

  @Override
  public HttpAnswer answer(HttpRequest request, PeerSocket peer, BytesUnderWay.Held room) {
    String refusal = refusal(request);
    if (refusal != null) {
      metrics.answered("refused", 400);
      return HttpAnswer.text(400, "Cannot answer: " + refusal + ".\n");
    }
    TokenOfRequest token = TokenOfRequest.of(request);
    HttpRequest inner = token.request();
    Caller caller =
        new Caller(
            peer, token.token(), inner.header("user-agent").orElse(PeerSocket.UNKNOWN), room);
    for (Map.Entry<String, Dialect> dialect : dialects.entrySet()) {
      if (dialect.getValue().takes(inner)) {
        HttpAnswer answer = answer(dialect.getValue(), inner, caller);
        metrics.answered(dialect.getKey(), answer.status());
        return answer;
      }
    }
    metrics.answered("none", 400);
    return HttpAnswer.text(400, "Cannot answer: the agent does not know this path.\n");
  }

  private static HttpAnswer answer(Dialect dialect, HttpRequest request, Caller caller) {
    try {
      return dialect.answer(request, caller);
    } catch (AgentFailure e) {
      return failure(dialect, e);
    } catch (SecretException e) {
      return failure(dialect, AgentFailure.of(e));
    }
  }

  private static HttpAnswer failure(Dialect dialect, AgentFailure failure) {
    HttpAnswer answer = dialect.failure(failure);
    failure.retrySeconds().ifPresent(after -> answer.with("Retry-After", String.valueOf(after)));
    return answer;
  }

  private @org.jspecify.annotations.Nullable String refusal(HttpRequest request) {
    for (String header : request.headers().keySet()) {
      if (PASSED_ON.contains(header)
          || header.startsWith("x-forwarded")
          || header.startsWith("sec-fetch-")) {
        return "another program passed the request on (header " + header + ")";
      }
    }
    String host =
        request.header("host").orElse("").toLowerCase(java.util.Locale.ROOT).replaceFirst(PORT, "");
    return hosts.contains(host) ? null : "the header Host names another host; see --host";
  }

  /** The token of a request, and the request without it. */
  private record TokenOfRequest(HttpRequest request, Optional<Caller.GivenToken> token) {
    static TokenOfRequest of(HttpRequest request) {
      if (request.path().startsWith(TOKEN_PATH)) {
        String rest = request.path().substring(TOKEN_PATH.length());
        int slash = rest.indexOf('/');
        String token = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "/" : rest.substring(slash);
        return new TokenOfRequest(request.at(path), Optional.of(new Caller.GivenToken(token)));
      }
      return new TokenOfRequest(
          request,
          TOKEN_HEADERS.stream()
              .flatMap(name -> request.header(name).stream())
              .findFirst()
              .or(() -> bearer(request))
              .map(Caller.GivenToken::new));
    }

    private static Optional<String> bearer(HttpRequest request) {
      return request
          .header("authorization")
          .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
          .map(value -> value.substring(7).strip());
    }
  }
}
