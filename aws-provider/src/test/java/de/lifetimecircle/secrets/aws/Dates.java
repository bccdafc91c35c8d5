package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Dates versions as AWS does: with the time of their making, to the millisecond. moto dates each
 * version with the time at which it is listed, ministack with whole seconds, so that neither list
 * has an order, and moto's changes from call to call.
 */
final class Dates {
  private final FaultProxy proxy;
  private final Map<String, BigDecimal> made = new ConcurrentHashMap<>();
  private long last;

  Dates(FaultProxy proxy) {
    this.proxy = proxy;
  }

  void forget() {
    made.clear();
  }

  @Nullable Answer answer(Request request) {
    String target = request.headers().getOrDefault("x-amz-target", "");
    if (target.endsWith(".CreateSecret") || target.endsWith(".PutSecretValue")) {
      Answer answer = forward(request);
      if (answer.status() == 200 && parsed(answer).get("VersionId") instanceof String version) {
        made.computeIfAbsent(version, v -> now());
      }
      return answer;
    }
    return target.endsWith(".ListSecretVersionIds") ? dated(forward(request)) : null;
  }

  private Answer forward(Request request) {
    try {
      return proxy.forward(request);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the stand-in", e);
    }
  }

  /** Two versions are never made in the same millisecond. */
  private synchronized BigDecimal now() {
    last = Math.max(last + 1, InstantSource.system().millis());
    return BigDecimal.valueOf(last, 3);
  }

  private Answer dated(Answer answer) {
    Map<String, @Nullable Object> list = new LinkedHashMap<>(parsed(answer));
    if (answer.status() != 200 || !(list.get("Versions") instanceof List<?> versions)) {
      return answer;
    }
    List<@Nullable Object> dated = new ArrayList<>();
    for (Object version : versions) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>(object(version));
      BigDecimal time = made.get(String.valueOf(entry.get("VersionId")));
      if (time != null) {
        entry.put("CreatedDate", time);
      }
      dated.add(entry);
    }
    list.put("Versions", dated);
    return Answer.of(200, "application/x-amz-json-1.1", Json.write(list));
  }

  private static Map<String, @Nullable Object> parsed(Answer answer) {
    return object(Json.parse(new String(answer.body(), StandardCharsets.UTF_8)));
  }

  @SuppressWarnings("unchecked") // The keys of a JSON object are text.
  static Map<String, @Nullable Object> object(@Nullable Object value) {
    return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(value);
  }
}
