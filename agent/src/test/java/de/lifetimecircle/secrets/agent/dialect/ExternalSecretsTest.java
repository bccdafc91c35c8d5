package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The requests of External Secrets, as its providers for Vault and for webhooks send them: the
 * paths are built as in {@code providers/v1/vault} and {@code providers/v1/webhook} of its source,
 * the headers as by Go's {@code net/http} and {@code vault/api}. Each answer is checked for what
 * that source takes out of it. It is a replay: the operator itself does not run here.
 */
class ExternalSecretsTest {
  private static final String KEY = "prod/LTC_SECRET_KEY";
  private static final String DATA = "/v1/secret/data/" + KEY;
  private static final String METADATA = "/v1/secret/metadata/";

  @TempDir Path folder;
  private final AtomicLong second = new AtomicLong();
  private final FakeStore store =
      FakeStore.create()
          .clock(() -> Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second.incrementAndGet()));
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent =
        RunningAgent.start(
            folder,
            "token external-secrets sha256:" + AccessRules.digest(RunningAgent.TOKEN) + " prod/*\n",
            store,
            RunningAgent.Adjustments.NONE);
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private RunningAgent.Answer ask(String method, String target, String... headers) {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.add("Host: 127.0.0.1:8200");
    lines.add("User-Agent: Go-http-client/1.1");
    lines.addAll(List.of(headers));
    lines.add("Accept-Encoding: gzip");
    lines.add("Connection: close"); // of the test, which reads to the end
    return agent.vault(RunningAgent.request(lines.toArray(String[]::new)));
  }

  /** A request of the provider for Vault of a store with a namespace and consistent reads. */
  private RunningAgent.Answer vault(String target) {
    return vault(target, RunningAgent.TOKEN);
  }

  private RunningAgent.Answer vault(String target, String token) {
    return ask(
        "GET",
        target,
        "X-Vault-Inconsistent: forward-active-node",
        "X-Vault-Namespace: team-a",
        "X-Vault-Request: true",
        "X-Vault-Token: " + token);
  }

  private RunningAgent.Answer webhook(String name) {
    // The provider escapes the name with url.QueryEscape before the template of the URL gets it.
    return ask(
        "GET",
        "/v1/secret/data/" + name.replace("/", "%2F"),
        "X-Vault-Token: " + RunningAgent.TOKEN);
  }

  private static Map<?, ?> data(RunningAgent.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Content-Encoding")).as("the client decodes nothing").isEmpty();
    return Json.object((Map<?, ?>) Json.parse(answer.text()), "data");
  }

  private void rotate(String text) {
    try (SecretWriter writer =
            SecretProvider.builder()
                .store(store.secondClient())
                .environment(Map.of())
                .buildWriter();
        SecretValue value = SecretValue.of(text)) {
      writer.put(KEY, value);
    }
  }

  /** Validate: the token's type, its time to live and its end, then the kind of the mount. */
  @Test
  void theStoreIsValid() {
    Map<?, ?> token = data(vault("/v1/auth/token/lookup-self"));
    assertThat(token.get("type")).isEqualTo("service");
    assertThat(token.get("ttl")).asString().isEqualTo("0");
    assertThat(token.containsKey("expire_time")).as("never ends").isTrue();
    assertThat(token.get("expire_time")).isNull();
    Map<?, ?> mount = data(vault("/v1/sys/internal/ui/mounts/secret"));
    assertThat(mount.get("type")).isEqualTo("kv");
    assertThat(mount.get("options")).isEqualTo(Map.of("version", "2"));
  }

  /** Data with and without a property, and extract: the provider takes fields of data.data. */
  @Test
  void aSecretIsReadAndItsVersionsToo() {
    store.holding(KEY, "first");
    Map<?, ?> first = data(vault(DATA));
    assertThat(Json.object(first, "data")).isEqualTo(Map.of("value", "first"));
    long number = Json.number(Json.object(first, "metadata"), "version");
    rotate("{\"user\":\"ltc\",\"port\":5432}");
    assertThat(agent.provider.refresh(KEY).value().asString()).contains("ltc");
    assertThat(Json.object(data(vault(DATA)), "data").get("user")).isEqualTo("ltc");
    assertThat(data(vault(DATA + "?version=" + number))).isEqualTo(first);
  }

  /** The policy Fetch for metadata: words of the system, and no custom metadata. */
  @Test
  void metadataIsFetched() {
    store.holding(KEY, "first");
    Map<?, ?> metadata = data(vault(METADATA + KEY));
    assertThat(metadata.containsKey("custom_metadata")).isTrue();
    for (String word : List.of("created_time", "current_version", "delete_version_after")) {
      assertThat(metadata.get(word)).as(word).isNotNull();
    }
  }

  /** Find: folder by folder, with a slash at the end, from the top or from a path. */
  @Test
  void namesAreFoundThroughAllFolders() {
    store.holding(KEY, "v").holding("prod/db/PASSWORD", "v").holding("other/HIDDEN", "v");
    assertThat(data(vault(METADATA + "?list=true")).get("keys")).isEqualTo(List.of("prod/"));
    assertThat(data(vault(METADATA + "prod/?list=true")).get("keys"))
        .isEqualTo(List.of("LTC_SECRET_KEY", "db/"));
    assertThat(data(vault(METADATA + "prod/db/?list=true")).get("keys"))
        .isEqualTo(List.of("PASSWORD"));
  }

  /** The operator deletes what it made if the status is 404 and the data are null or absent. */
  @Test
  void onlyWhatDoesNotExistIs404() {
    assertThat(vault(DATA).status()).isEqualTo(404);
    assertThat(webhook(KEY).status()).isEqualTo(404);
    store.holding(KEY, "v");
    assertThat(vault("/v1/secret/data/other/HIDDEN").status()).isEqualTo(403);
    assertThat(webhook("other/HIDDEN").status()).isEqualTo(403);
    assertThat(vault(DATA, "another").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "THROTTLED", "ACCESS_DENIED", "UNAUTHENTICATED", "CORRUPT"})
  void anOutageIsNever404(Kind kind) {
    store.outage(FakeStep.fail(kind));
    for (RunningAgent.Answer answer : List.of(vault(DATA), webhook(KEY), vault(METADATA + KEY))) {
      assertThat(answer.status()).as(answer.text()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isPresent();
    }
    assertThat(store.calls(Op.FETCH, KEY)).isPositive();
  }

  /** The path of the JSON in the example: $.data.data.value. */
  @Test
  void theWebhookTakesOneValue() {
    store.holding(KEY, "q\"\u00e9");
    Map<?, ?> data = data(webhook(KEY));
    assertThat(Json.object(data, "data").get("value")).isEqualTo("q\"\u00e9");
  }

  /** The agent has no logins: such a store fails to become ready, and deletes nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"approle", "kubernetes", "jwt", "ldap/login", "userpass/login"})
  void aLoginIsRefusedAndNot404(String method) {
    String path = method.contains("/") ? method + "/eso" : method + "/login";
    RunningAgent.Answer answer =
        ask("PUT", "/v1/auth/" + path, "X-Vault-Request: true", "Content-Length: 0");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.text()).contains("no logins");
  }
}
