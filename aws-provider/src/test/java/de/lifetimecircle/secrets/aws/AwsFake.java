package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Secrets Manager as far as a test scripts it: an answer for each operation, as documented. */
final class AwsFake implements AutoCloseable {
  static final String NAME = "fake/NAME";
  static final String FIRST = "11111111-1111-4111-8111-111111111111";
  static final String SECOND = "22222222-2222-4222-8222-222222222222";

  private final FaultProxy proxy = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final Map<String, Function<Map<String, @Nullable Object>, Answer>> script =
      new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  AwsFake() {
    proxy.intercept(this::answer);
  }

  private Answer answer(Request request) {
    requests.add(request);
    String target = request.headers().getOrDefault("x-amz-target", "");
    boolean login = AwsFaults.isLogin(request);
    boolean who = AwsFaults.text(request).contains("Action=GetCallerIdentity");
    String operation =
        login
            ? "AssumeRole"
            : who ? "GetCallerIdentity" : target.substring(target.indexOf('.') + 1);
    calls.add(operation);
    var scripted = script.get(operation);
    return scripted == null
        ? error(400, "UnknownOperationException")
        : scripted.apply(
            login || who ? Map.of() : Dates.object(Json.parse(AwsFaults.text(request))));
  }

  /** What is answered to an operation, from its parameters. */
  AwsFake on(String operation, Function<Map<String, @Nullable Object>, Answer> reply) {
    script.put(operation, reply);
    return this;
  }

  /** What is always answered to an operation. */
  AwsFake on(String operation, Answer answer) {
    return on(operation, parameters -> answer);
  }

  /** The operations that were asked for, in their order. */
  List<String> calls() {
    return calls;
  }

  List<Request> requests() {
    return requests;
  }

  FaultProxy proxy() {
    return proxy;
  }

  AwsStore open() {
    return open(Map.of());
  }

  AwsStore open(Map<String, String> more) {
    return new AwsStore(Settings.of(config(more)));
  }

  StoreConfig config(Map<String, String> more) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "region", "eu-central-1",
                "endpoint", proxy.uri().toString(),
                "access-key-id", "AKIAQ7ZJ2LR9XWT4BN8S",
                "secret-access-key", "vJm2/Lr9XwT4bN8sKdqZ7vPq"));
    values.putAll(more);
    return new StoreConfig(
        values, variable -> Optional.empty(), Duration.ofSeconds(3), InstantSource.system());
  }

  static Answer ok(Object... pairs) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      body.put(pairs[i].toString(), pairs[i + 1]);
    }
    return Answer.of(200, "application/x-amz-json-1.1", Json.write(body));
  }

  static Answer error(int status, String code) {
    return AwsFaults.error(status, code);
  }

  static Answer value(String version, String text, String... labels) {
    return ok(
        "Name",
        NAME,
        "VersionId",
        version,
        "VersionStages",
        List.of(labels),
        "SecretString",
        text,
        "CreatedDate",
        date(1),
        "ARN",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:fake/NAME-AbCdEf");
  }

  static Map<String, @Nullable Object> entry(
      String name, String version, String text, String... stages) {
    return Map.of(
        "Name",
        name,
        "VersionId",
        version,
        "SecretString",
        text,
        "CreatedDate",
        date(1),
        "VersionStages",
        stages.length == 0 ? List.of("AWSCURRENT") : List.of(stages));
  }

  /** What STS answers to a request for a role. */
  static Answer assumed(String operation, String key, String secret, String token) {
    return Answer.of(
        200,
        "text/xml",
        String.format(
            Locale.ROOT,
            "<%1$sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><%1$sResult>"
                + "<Credentials><AccessKeyId>%2$s</AccessKeyId>"
                + "<SecretAccessKey>%3$s</SecretAccessKey><SessionToken>%4$s</SessionToken>"
                + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
                + "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/test/s</Arn>"
                + "<AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser>"
                + "</%1$sResult></%1$sResponse>",
            operation,
            key,
            secret,
            token));
  }

  static Answer described(Map<String, List<String>> labels) {
    return ok("Name", NAME, "VersionIdsToStages", labels);
  }

  static Answer deleted() {
    return ok("Name", NAME, "DeletedDate", date(1_800_000_000), "VersionIdsToStages", Map.of());
  }

  static BigDecimal date(long seconds) {
    return BigDecimal.valueOf(seconds);
  }

  @Override
  public void close() {
    proxy.close();
  }
}
