package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testkit.ProxyFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What AWS answers when something is wrong, by its documentation (CommonErrors, 2026-11-24). */
final class AwsFaults {
  private final FaultProxy proxy;
  private final AtomicReference<CountDownLatch> hanging =
      new AtomicReference<>(new CountDownLatch(1));
  private final AtomicReference<@Nullable String> dead = new AtomicReference<>();

  private AwsFaults(FaultProxy proxy) {
    this.proxy = proxy;
  }

  static ProxyFaults of(FaultProxy proxy) {
    AwsFaults faults = new AwsFaults(proxy);
    return ProxyFaults.of(proxy)
        .on(Fault.UNAVAILABLE, named(error(500, "InternalServiceError")))
        .on(Fault.THROTTLED, named(error(400, "ThrottlingException")))
        .on(Fault.UNAUTHENTICATED, named(error(400, "InvalidSignatureException")))
        .on(Fault.FULL, AwsFaults::full)
        .on(Fault.DENIED, faults::denied)
        .on(Fault.HANG, faults::hang)
        .on(Fault.LOGIN_EXPIRED, faults::expired)
        .on(Fault.LOGIN_REVOKED, (request, name) -> revoked(request))
        .logins(AwsFaults::isLogin)
        .undoing(faults::undo)
        .build();
  }

  static Answer error(int status, String code) {
    return Answer.of(
        status,
        "application/x-amz-json-1.1",
        Json.write(Map.of("__type", code, "message", "not for people")));
  }

  static boolean isLogin(Request request) {
    return text(request).contains("Action=AssumeRole");
  }

  static String text(Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  static boolean isOf(Request request, String operation) {
    return request.headers().getOrDefault("x-amz-target", "").endsWith("." + operation);
  }

  private static boolean isAbout(Request request, String name) {
    return text(request).contains(Json.write(name));
  }

  private static ProxyFaults.Reply named(Answer answer) {
    return (request, name) -> isAbout(request, name) ? answer : null;
  }

  private static @Nullable Answer full(Request request, String name) {
    boolean writes = isOf(request, "PutSecretValue") || isOf(request, "CreateSecret");
    return writes && isAbout(request, name) ? error(400, "LimitExceededException") : null;
  }

  private @Nullable Answer denied(Request request, String name) {
    if (!isAbout(request, name)) {
      return null;
    }
    return isOf(request, "BatchGetSecretValue")
        ? deniedOfMany(request, name)
        : error(400, "AccessDeniedException");
  }

  /** A batch gets one answer; its errors include the names that the caller may not read. */
  private Answer deniedOfMany(Request request, String name) {
    Map<String, @Nullable Object> asked =
        new LinkedHashMap<>(Dates.object(Json.parse(text(request))));
    List<@Nullable Object> others = new ArrayList<>((List<?>) asked.get("SecretIdList"));
    others.remove(name);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    List<@Nullable Object> errors = new ArrayList<>();
    if (!others.isEmpty()) {
      asked.put("SecretIdList", others);
      answer.putAll(Dates.object(Json.parse(ask(request, asked))));
      errors.addAll((List<?>) answer.get("Errors"));
    }
    errors.add(
        Map.of(
            "SecretId", name, "ErrorCode", "AccessDeniedException", "Message", "not for people"));
    answer.put("Errors", errors);
    return Answer.of(200, "application/x-amz-json-1.1", Json.write(answer));
  }

  private String ask(Request request, Map<String, @Nullable Object> body) {
    byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
    try {
      Request changed = new Request(request.method(), request.target(), request.headers(), bytes);
      return new String(proxy.forward(changed).body(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the stand-in", e);
    }
  }

  private @Nullable Answer hang(Request request, String name) {
    if (isAbout(request, name)) {
      try {
        var unused = hanging.get().await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return null;
  }

  private @Nullable Answer expired(Request request, String name) {
    String token = request.headers().getOrDefault("x-amz-security-token", "");
    dead.compareAndSet(null, token);
    boolean refused = !isLogin(request) && token.equals(dead.get());
    return refused ? error(400, "ExpiredTokenException") : null;
  }

  private static Answer revoked(Request request) {
    return isLogin(request)
        ? Answer.of(
            403,
            "text/xml",
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>"
                + "<Message>not for people</Message></Error></ErrorResponse>")
        : error(400, "UnrecognizedClientException");
  }

  private void undo() {
    dead.set(null);
    hanging.getAndSet(new CountDownLatch(1)).countDown();
  }
}
