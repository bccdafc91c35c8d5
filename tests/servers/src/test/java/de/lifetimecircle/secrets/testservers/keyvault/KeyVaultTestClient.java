package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Talks to a test vault as a client of the real one would, with the JDK's own HTTP client. */
final class KeyVaultTestClient {
  static final String VERSION = "api-version=7.6";

  private final KeyVaultServer server;
  private final HttpClient http;
  private String token;

  /** An answer, its body read as JSON. */
  record Answer(int status, HttpResponse<String> raw) {
    Map<?, ?> json() {
      return (Map<?, ?>) Json.parse(raw.body());
    }

    @Nullable Object at(String... path) {
      Object here = json();
      for (String name : path) {
        here = here instanceof Map<?, ?> map ? map.get(name) : null;
      }
      return here;
    }

    String text(String... path) {
      return String.valueOf(at(path));
    }

    long number(String... path) {
      return Long.parseLong(text(path));
    }

    Optional<String> header(String name) {
      return raw.headers().firstValue(name);
    }

    List<?> items() {
      return (List<?>) json().get("value");
    }

    /** The last parts of the ids on this page. */
    List<String> names() {
      return items().stream()
          .map(item -> String.valueOf(((Map<?, ?>) item).get("id")))
          .map(id -> id.substring(id.lastIndexOf('/') + 1))
          .toList();
    }

    Answer is(int expected) {
      assertThat(status).as("%s", raw.body()).isEqualTo(expected);
      return this;
    }

    /** An error of the vault with these codes. */
    void isError(int expected, String code, @Nullable String inner) {
      is(expected);
      assertThat(text("error", "code")).isEqualTo(code);
      assertThat(at("error", "innererror", "code")).isEqualTo(inner);
    }
  }

  KeyVaultTestClient(KeyVaultServer server) {
    this.server = server;
    this.http =
        HttpClient.newBuilder()
            .sslContext(server.certificates().client())
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    this.token = server.token();
  }

  KeyVaultTestClient with(String other) {
    token = other;
    return this;
  }

  HttpClient http() {
    return http;
  }

  HttpRequest.Builder to(String target) {
    URI uri = target.startsWith("https:") ? URI.create(target) : server.uri().resolve(target);
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> raw =
          http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(raw.statusCode(), raw);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private HttpRequest.Builder authorized(String target) {
    return to(target).header("Authorization", "Bearer " + token);
  }

  /** A request for a path under the vault, with the version of the interface. */
  Answer call(String method, String path, @Nullable Map<String, ?> body) {
    HttpRequest.BodyPublisher sent =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(body));
    String target = path + (path.contains("?") ? "&" : "?") + VERSION;
    return send(
        authorized(path.startsWith("https:") ? path : target)
            .header("Content-Type", "application/json")
            .method(method, sent));
  }

  Answer get(String path) {
    return call("GET", path, null);
  }

  Answer set(String name, String value) {
    return call("PUT", "/secrets/" + name, Map.of("value", value));
  }

  /** Sets a value and gives the id of its version. */
  String put(String name, String value) {
    String id = set(name, value).is(200).text("id");
    return id.substring(id.lastIndexOf('/') + 1);
  }

  Answer login(String tenant, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        to("/" + tenant + "/oauth2/v2.0/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }
}
