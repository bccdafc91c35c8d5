package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The GET form of AWS's own agent and of its Lambda extension: {@code /secretsmanager/get} and
 * {@code /v1/SECRET}. Names that begin with {@code secrets/} are left to {@link NativeDialect},
 * which is asked first; clients of this form read them by {@code secretId}.
 */
public record AwsAgentDialect(AuthorizedReads reads) implements Dialect {
  private static final String GET = "/secretsmanager/get";
  private static final String PREFIX = "/v1/";
  private static final Set<String> PARAMETERS =
      Set.of("secretId", "versionId", "versionStage", "refreshNow");

  @Override
  public boolean takes(HttpRequest request) {
    return request.path().equals(GET) || request.path().startsWith(PREFIX);
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (caller.token().isEmpty() && !caller.socket().isUnix()) {
      throw reads.denied(
          caller,
          request.parameter("secretId").orElse(request.path()),
          "the request has no token",
          "Send it in X-Aws-Parameters-Secrets-Token");
    }
    if (!request.isGet()) {
      throw AgentFailure.badMethod("GET");
    }
    if (!PARAMETERS.containsAll(request.query().keySet())) {
      throw AgentFailure.badRequest("a parameter is unknown");
    }
    AwsReading.Labelled found =
        new AwsReading(reads)
            .get(
                caller,
                name(request),
                request.parameter("versionId").orElse(null),
                request.parameter("versionStage").orElse(null),
                freshness(request));
    Map<String, Object> document = found.document();
    // AWS's agent and its extension have a text here, and clients with types expect one.
    document.computeIfPresent("CreatedDate", (any, seconds) -> String.valueOf(seconds));
    byte[] body = JsonBody.of(caller.room(), document);
    return AwsReading.identified(HttpAnswer.of(200, "application/json", body));
  }

  private static String name(HttpRequest request) {
    if (!request.path().equals(GET)) {
      if (request.parameter("secretId").isPresent()) {
        throw AgentFailure.badRequest("secretId goes with /secretsmanager/get");
      }
      return AwsArns.name(request.path().substring(PREFIX.length()));
    }
    return AwsArns.name(
        request
            .parameter("secretId")
            .filter(id -> !id.isEmpty())
            .orElseThrow(() -> AgentFailure.badRequest("secretId is missing")));
  }

  private static AwsReading.Freshness freshness(HttpRequest request) {
    return switch (request.parameter("refreshNow").orElse("false").toLowerCase(Locale.ROOT)) {
      case "true", "1" -> AwsReading.Freshness.NOW;
      case "false", "0" -> AwsReading.Freshness.CACHED;
      default -> throw AgentFailure.badRequest("refreshNow is none of true, false, 1 and 0");
    };
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    AwsReading.AwsError error = AwsReading.AwsError.of(failure);
    int status = failure.reason() == AgentFailure.Reason.DENIED ? 403 : error.status();
    return new AwsReading.AwsError(status, error.code(), error.message()).answer();
  }
}
