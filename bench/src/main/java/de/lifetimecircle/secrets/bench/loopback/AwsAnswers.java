package de.lifetimecircle.secrets.bench.loopback;

import java.util.Locale;
import java.util.Map;

/**
 * The answers of AWS Secrets Manager, as far as reading needs them. The value of a version names
 * the secret and the version, so that a reader can tell a wrong one. Stateless.
 */
public final class AwsAnswers {
  private static final long FIRST_CREATED = 1_700_000_000;

  private AwsAnswers() {}

  /** Returns the settings that connect a provider to a server on loopback. */
  public static Map<String, String> settings(LoopbackServer server) {
    return Map.of(
        "aws.region", "eu-central-1",
        "aws.endpoint", server.uri().toString(),
        "aws.access-key-id", "AKIABENCHBENCHBENCH0",
        "aws.secret-access-key", "made-up-for-a-server-on-loopback");
  }

  /** The operation that is asked for, such as {@code GetSecretValue}. */
  public static String operation(LoopbackServer.Request request) {
    String target = request.headers().getOrDefault("x-amz-target", "");
    return target.substring(target.indexOf('.') + 1);
  }

  /** The name that is asked for. */
  public static String name(LoopbackServer.Request request) {
    String key = "\"SecretId\":\"";
    int from = request.body().indexOf(key) + key.length();
    return request.body().substring(from, request.body().indexOf('"', from));
  }

  /** The id of a version, in the form that AWS gives them. */
  public static String versionId(long version) {
    return String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", version);
  }

  /** The number in an id that {@link #versionId} made. */
  public static long version(String versionId) {
    return Long.parseLong(versionId.substring(versionId.lastIndexOf('-') + 1));
  }

  /** The value that belongs to a version. */
  public static String value(String name, long version) {
    return name + " in version " + version;
  }

  /** The answer to GetSecretValue. */
  public static LoopbackServer.Answer value(LoopbackServer.Request request, long version) {
    String name = name(request);
    return LoopbackServer.Answer.json(
        200,
        "{\"ARN\":\"arn:aws:secretsmanager:eu-central-1:123456789012:secret:"
            + name
            + "-AbCdEf\",\"Name\":\""
            + name
            + "\",\"VersionId\":\""
            + versionId(version)
            + "\",\"SecretString\":\""
            + value(name, version)
            + "\",\"VersionStages\":[\"AWSCURRENT\"],\"CreatedDate\":"
            + (FIRST_CREATED + version)
            + "}");
  }

  /** The answer to DescribeSecret. */
  public static LoopbackServer.Answer description(LoopbackServer.Request request, long version) {
    String name = name(request);
    return LoopbackServer.Answer.json(
        200,
        "{\"Name\":\""
            + name
            + "\",\"VersionIdsToStages\":{\""
            + versionId(version)
            + "\":[\"AWSCURRENT\"]}}");
  }

  /** An error as AWS words it. */
  public static LoopbackServer.Answer error(int status, String code) {
    return LoopbackServer.Answer.json(
        status, "{\"__type\":\"" + code + "\",\"message\":\"of the benchmark\"}");
  }

  /** Returns a throttling answer, with the seconds to wait. */
  public static LoopbackServer.Answer throttled(int seconds) {
    LoopbackServer.Answer plain = throttled();
    return new LoopbackServer.Answer(
        plain.status(), plain.headers() + "Retry-After: " + seconds + "\r\n", plain.body());
  }

  /** Returns a throttling answer. */
  public static LoopbackServer.Answer throttled() {
    return error(400, "ThrottlingException");
  }
}
