package de.lifetimecircle.secrets.examples;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class TokenServiceTest {
  private static final String CANARY = "canary-key-0123456789abcdef0123456789";
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void acceptsTokensOfTheNewAndThePreviousKeyWhileItRuns() throws Exception {
    FakeStore store = FakeStore.create().holding("LTC_SECRET_KEY", CANARY);
    try (SecretWriter writer = SecretProvider.builder().store(store).buildWriter();
        TokenService service = new TokenService(writer.provider(), 0)) {
      String[] before = post(service).body().strip().split(" ", -1);
      writer.put("LTC_SECRET_KEY", SecretValue.of(CANARY + "-new"));
      String[] after = post(service).body().strip().split(" ", -1);

      assertThat(after[0]).isNotEqualTo(before[0]);
      assertThat(get(service, "/health", "").body().strip()).isEqualTo(after[0]);
      assertThat(get(service, "/verify", before[1]).body().strip()).isEqualTo(before[0]);
      assertThat(get(service, "/verify", after[1]).body().strip()).isEqualTo(after[0]);

      writer.put("LTC_SECRET_KEY", SecretValue.of(CANARY + "-newer"));
      assertThat(get(service, "/verify", before[1]).statusCode()).isEqualTo(401);
      assertThat(get(service, "/verify", after[1] + "x").statusCode()).isEqualTo(401);
      assertThat(get(service, "/verify", "a.b").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void saysSoWithoutTheKeyWhenThereIsNone() throws Exception {
    try (SecretWriter writer = SecretProvider.builder().store(FakeStore.create()).buildWriter();
        TokenService service = new TokenService(writer.provider(), 0)) {
      HttpResponse<String> answer = post(service);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("NOT_FOUND").doesNotContain("canary");
    }
  }

  private HttpResponse<String> post(TokenService service) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(service, "/token"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(TokenService service, String path, String token)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(service, path))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(TokenService service, String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }
}
