package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service of {@code examples/fastapi}, started by the packaged command, on each backend. */
class PythonServiceIT {
  private static final Path EXAMPLE = Path.of("../examples/fastapi").toAbsolutePath().normalize();
  private static final String INVENTORY = EXAMPLE.resolve("secrets.yaml").toString();

  @TempDir static Path shared;
  private static Installation installed;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void install() throws IOException {
    installed = Installation.shared(shared);
    installed.environment.put("PYTHONDONTWRITEBYTECODE", "1");
  }

  private RunningService start(Map<String, String> environment) throws IOException {
    return RunningService.start(installed, environment, EXAMPLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpg", "aws", "azure", "vault"})
  void answersWithTheSecretsOfTheBackendAndFollowsARotation(String scheme) throws Exception {
    try (ServedBackend backend = ServedBackend.start(scheme, folder);
        LeakProbe probe = LeakProbe.start()) {
      fill(backend);
      String key = backend.secrets("", "get", "prod/LTC_SECRET_KEY");
      probe.watch("key", key);
      probe.watch("password", backend.secrets("", "get", "prod/DB_ADMIN_PW"));
      String token;
      try (RunningService service = start(backend.environment())) {
        assertThat(get(service, "/api/health", "").body()).contains("db.example.com:5432/ltc");
        token = token(service);
        assertThat(isSignedWith(key, token)).isTrue();
        assertThat(get(service, "/api/verify", token).body()).contains("somebody");
        assertThat(get(service, "/api/verify", token + "x").statusCode()).isEqualTo(401);
        backend.secrets("", "generate", "LTC_SECRET_KEY", "--force", "--inventory", INVENTORY);
        assertThat(get(service, "/api/verify", token).statusCode()).isEqualTo(200);
        service.close();
        probe.look("output", service.output());
      }
      String next = backend.secrets("", "get", "prod/LTC_SECRET_KEY");
      probe.watch("next key", next);
      Map<String, String> production = backend.environment();
      production.put("SECRETS_OVERRIDES", "off");
      production.put("LTC_SECRET_KEY_LOCAL", "f".repeat(40));
      try (RunningService service = start(production)) {
        assertThat(get(service, "/api/verify", token).statusCode()).isEqualTo(401);
        assertThat(isSignedWith(next, token(service))).isTrue();
        service.close();
        probe.look("output", service.output());
      }
      probe.assertClean();
    }
  }

  @Test
  void startsWithLocalOverridesAndWithoutAnyBackend() throws Exception {
    String local = "dev_test_secret_key_32_chars_minimum__OK";
    Map<String, String> environment =
        Map.of(
            "SECRETS_BACKEND", "vault",
            "SECRETS_VAULT_ADDRESS", "https://127.0.0.1:1",
            "SECRETS_VAULT_TOKEN", "of nobody",
            "LTC_SECRET_KEY_LOCAL", local,
            "DATABASE_URL_LOCAL", "postgresql://postgres:pw@localhost/ltc");
    try (RunningService service = start(environment)) {
      assertThat(isSignedWith(local, token(service))).isTrue();
      service.close();
      assertThat(service.output())
          .contains("from a local override: LTC_SECRET_KEY, DATABASE_URL")
          .doesNotContain(local);
    }
  }

  /** The command refuses first; by itself, and with assertions off, the service does as well. */
  @Test
  void startsWithNothingThatCannotBeRight() throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value");
      Installation alone = Installation.shared(folder);
      alone.environment.put("PYTHONDONTWRITEBYTECODE", "1");
      alone.environment.put("LTC_SECRET_KEY_LOCAL", canary.substring(0, 31));
      alone.environment.put("DATABASE_URL_LOCAL", "mysql://" + canary);
      Result refused =
          alone.secrets("exec", "--for", "service", "--inventory", INVENTORY, "--", "true");
      assertThat(refused.code()).isEqualTo(ExitCode.INVALID.code());
      assertThat(refused.err()).contains("2 cannot be read").contains("LTC_SECRET_KEY_LOCAL");
      Result python =
          alone.run(
              RunningService.python(),
              "-O",
              "-m",
              "uvicorn",
              "--app-dir",
              EXAMPLE.toString(),
              "server.main:app");
      assertThat(python.code()).isEqualTo(1);
      assertThat(python.err())
          .startsWith("Cannot start: LTC_SECRET_KEY")
          .contains("DATABASE_URL")
          .doesNotContain("Traceback");
      probe.look("refused", refused).look("python", python).assertClean();
    }
  }

  private static void fill(ServedBackend backend) {
    Map<String, String> brought =
        Map.of(
            "DB_USERNAME", "postgres",
            "DB_HOST", "db.example.com",
            "DB_PORT", "5432",
            "DB_NAME", "ltc");
    brought.forEach(
        (name, value) ->
            backend.secrets(value, "put", name, "--trim-newline", "--inventory", INVENTORY));
    backend.secrets("", "generate", "--all", "--inventory", INVENTORY);
  }

  private HttpResponse<String> get(RunningService service, String path, String token)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(service.address() + path))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String token(RunningService service) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(service.address() + "/api/token?subject=somebody"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return String.valueOf(((Map<?, ?>) Json.parse(answer.body())).get("token"));
  }

  private static boolean isSignedWith(String key, String token) throws GeneralSecurityException {
    int dot = token.lastIndexOf('.');
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(token.substring(0, dot).getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(signature)
        .equals(token.substring(dot + 1));
  }
}
