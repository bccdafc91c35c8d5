package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.reads.ETags;
import de.lifetimecircle.secrets.agent.reads.VersionWaiters;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's own form: {@code GET /v1/secrets/NAME} answers with the bytes of the value, and with
 * the version as its tag. A client that has that version gets 304; with {@code ?wait=60s} the agent
 * waits for another version before it says so.
 */
public record NativeDialect(AuthorizedReads reads, VersionWaiters waits) implements Dialect {
  static final String PREFIX = "/v1/secrets/";

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Set<String> PARAMETERS = Set.of("wait", "refreshNow");

  @Override
  public boolean takes(HttpRequest request) {
    return request.path().startsWith(PREFIX);
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (!request.isGet()) {
      throw AgentFailure.badMethod("GET");
    }
    String name = request.path().substring(PREFIX.length());
    reads.requireOwnHeader(caller, name, request, "Secrets-Request", ", or use the Unix socket");
    if (!PARAMETERS.containsAll(request.query().keySet())) {
      throw AgentFailure.badRequest("a parameter is unknown; there are wait and refreshNow");
    }
    Optional<String> held = request.header("if-none-match");
    Secret secret = read(request, caller, name, held);
    String tag = ETags.of(secret);
    boolean isHeld = held.isPresent() && ETags.contains(held.get(), tag);
    HttpAnswer answer = isHeld ? HttpAnswer.empty(304) : value(secret, caller);
    return answer
        .with("ETag", tag)
        .with("Secrets-Origin", secret.origin().name().toLowerCase(Locale.ROOT));
  }

  private static HttpAnswer value(Secret secret, Caller caller) {
    caller.room().require(secret.value().size());
    return HttpAnswer.of(200, "application/octet-stream", secret.value().asBytes());
  }

  private Secret read(HttpRequest request, Caller caller, String name, Optional<String> held) {
    Optional<Duration> wait = request.parameter("wait").map(NativeDialect::duration);
    if (isFresh(request)) {
      if (wait.isPresent()) {
        throw AgentFailure.badRequest("refreshNow and wait exclude each other");
      }
      return reads.fresh(caller, name);
    }
    return held.isPresent() && wait.isPresent() && !wait.get().isZero()
        ? waited(caller, name, held.get(), wait.get())
        : reads.current(caller, name);
  }

  private static boolean isFresh(HttpRequest request) {
    return switch (request.parameter("refreshNow").orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw AgentFailure.badRequest("refreshNow is neither true nor false");
    };
  }

  /** Checks the rights first, and again when it answers: rules may change while it waits. */
  private Secret waited(Caller caller, String name, String held, Duration wait) {
    reads.require(caller, name);
    try {
      waits.untilChanged(
          caller.user().orElse(PeerSocket.UNKNOWN),
          name,
          secret -> ETags.contains(held, ETags.of(secret)),
          wait);
    } catch (SecretException ignored) {
      // The read below has the same failure, which the provider remembers, and writes it down.
    }
    return reads.current(caller, name);
  }

  private static Duration duration(String text) {
    if (!text.matches("[0-9]{1,2}s?")) {
      throw AgentFailure.badRequest("wait is not a number of seconds, as 60s");
    }
    Duration wait = Duration.ofSeconds(Integer.parseInt(text.replace("s", "")));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", failure.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    body.put("message", failure.getMessage());
    return HttpAnswer.json(failure.status(), body);
  }
}
