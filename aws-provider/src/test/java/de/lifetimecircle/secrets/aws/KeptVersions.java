package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps and names versions as AWS does. ministack drops a version with its last label, where AWS
 * keeps it for a day at least; so each gets a label of its own here, which no client is shown. And
 * ministack chooses the id of a secret's first version, where AWS takes the ClientRequestToken; so
 * the two are exchanged on the way.
 *
 * <p>Writes go one by one, so that none drops the version of another before it has its label.
 */
final class KeptVersions {
  private static final String LABEL = "kept-by-the-test-";
  private static final String SERVICE = "secretsmanager.";

  private final FaultProxy proxy;
  private final Map<String, String> idOfToken = new ConcurrentHashMap<>();

  KeptVersions(FaultProxy proxy) {
    this.proxy = proxy;
  }

  void forget() {
    idOfToken.clear();
  }

  @Nullable Answer answer(Request request) {
    String target = request.headers().getOrDefault("x-amz-target", "");
    if (!target.startsWith(SERVICE)) {
      return null;
    }
    String body = AwsFaults.text(request);
    for (Map.Entry<String, String> each : idOfToken.entrySet()) {
      body = body.replace(each.getKey(), each.getValue());
    }
    Request asked = changed(request, target, body);
    boolean makes = target.endsWith(".CreateSecret") || target.endsWith(".PutSecretValue");
    Answer answer = makes ? made(asked, target) : forward(asked);
    return answer.status() == 200 ? shown(answer) : answer;
  }

  private synchronized Answer made(Request request, String target) {
    Answer answer = forward(request);
    if (answer.status() == 200) {
      Map<String, @Nullable Object> version = Dates.object(Json.parse(text(answer)));
      String id = String.valueOf(version.get("VersionId"));
      if (target.endsWith(".CreateSecret")) {
        Map<String, @Nullable Object> asked = Dates.object(Json.parse(AwsFaults.text(request)));
        idOfToken.put(String.valueOf(asked.get("ClientRequestToken")), id);
      }
      label(request, String.valueOf(version.get("Name")), id);
    }
    return answer;
  }

  private void label(Request like, String name, String id) {
    Map<String, @Nullable Object> move =
        Map.of("SecretId", name, "VersionStage", LABEL + id, "MoveToVersionId", id);
    Answer answer = forward(changed(like, SERVICE + "UpdateSecretVersionStage", Json.write(move)));
    if (answer.status() != 200) {
      throw new IllegalStateException("labelling a version: " + text(answer));
    }
  }

  private Answer shown(Answer answer) {
    String text = Json.write(visible(Json.parse(text(answer))));
    for (Map.Entry<String, String> each : idOfToken.entrySet()) {
      text = text.replace(each.getValue(), each.getKey());
    }
    return Answer.of(200, "application/x-amz-json-1.1", text);
  }

  /**
   * Without our labels, and without versions that have no other where only labelled ones belong.
   */
  private static @Nullable Object visible(@Nullable Object value) {
    if (value instanceof List<?> list) {
      List<@Nullable Object> rest = new ArrayList<>();
      list.stream().filter(each -> !isOurs(each)).map(KeptVersions::visible).forEach(rest::add);
      return rest;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> rest = new LinkedHashMap<>();
      map.forEach((key, each) -> rest.put(String.valueOf(key), visible(each)));
      if (rest.get("VersionIdsToStages") instanceof Map<?, ?> labelled) {
        labelled.values().removeIf(List.of()::equals);
      }
      return rest;
    }
    return value;
  }

  private static boolean isOurs(@Nullable Object label) {
    return label instanceof String text && text.startsWith(LABEL);
  }

  private static Request changed(Request like, String target, String body) {
    Map<String, String> headers = new TreeMap<>(like.headers());
    headers.put("x-amz-target", target);
    return new Request(
        like.method(), like.target(), headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private Answer forward(Request request) {
    try {
      return proxy.forward(request);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the stand-in", e);
    }
  }
}
