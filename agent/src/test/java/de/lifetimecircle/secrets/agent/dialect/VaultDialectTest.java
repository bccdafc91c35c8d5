package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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

/** The answers of the dialect of Vault, byte for byte where clients depend on them. */
class VaultDialectTest {
  private static final String OWN = "X-Vault-Request: true";
  private static final String KEY = "prod/LTC_SECRET_KEY";

  @TempDir Path folder;
  private final AtomicLong second = new AtomicLong();
  private final FakeStore store =
      FakeStore.create()
          .clock(() -> Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second.incrementAndGet()));
  private RunningAgent agent;
  private SecretWriter writer;

  @BeforeEach
  void start() throws IOException {
    agent =
        RunningAgent.start(folder, RunningAgent.everything(), store, RunningAgent.Adjustments.NONE);
    writer =
        SecretProvider.builder().store(store.secondClient()).environment(Map.of()).buildWriter();
  }

  @AfterEach
  void stop() {
    writer.close();
    agent.close();
  }

  private RunningAgent.Answer ask(String method, String path, String... headers) {
    String more = String.join("\r\n", headers);
    return agent.vault(
        RunningAgent.request(
            method + " " + path + " HTTP/1.1",
            "Host: 127.0.0.1:8200",
            "Connection: close" + (more.isEmpty() ? "" : "\r\n" + more)));
  }

  private Map<?, ?> data(String path) {
    RunningAgent.Answer answer = ask("GET", path, OWN);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return Json.object((Map<?, ?>) Json.parse(answer.text()), "data");
  }

  private static List<?> errors(RunningAgent.Answer answer) {
    return (List<?>) ((Map<?, ?>) Json.parse(answer.text())).get("errors");
  }

  @Test
  void aTextIsTheFieldValue() {
    store.holding(KEY, "q\"\\\n\u00e9");
    Map<?, ?> data = data("/v1/secret/data/" + KEY);
    assertThat(Json.object(data, "data")).isEqualTo(Map.of("value", "q\"\\\n\u00e9"));
    assertThat(Json.number(Json.object(data, "metadata"), "version")).isPositive();
    assertThat(data("/v1/kv/data/" + KEY)).isEqualTo(data);
  }

  @Test
  void membersOfAJsonObjectAreFields() {
    store.holding(KEY, "{\"username\":\"u\",\"port\":5432,\"value\":\"own\"}");
    Map<?, ?> fields = Json.object(data("/v1/secret/data/" + KEY), "data");
    assertThat(fields.get("username")).isEqualTo("u");
    assertThat(String.valueOf(fields.get("port"))).isEqualTo("5432");
    assertThat(fields.get("value"))
        .isEqualTo("{\"username\":\"u\",\"port\":5432,\"value\":\"own\"}");
  }

  /** Beside a text it would say that the text is Base64, and clients would decode it. */
  @Test
  void memberWithTheNameOfTheEncodingIsNoField() {
    String json = "{\"user\":\"u\",\"value-encoding\":\"base64\"}";
    store.holding(KEY, json);
    assertThat(Json.object(data("/v1/secret/data/" + KEY), "data"))
        .isEqualTo(Map.of("value", json, "user", "u"));
  }

  @Test
  void membersKeepTheirForm() {
    String json =
        "{ \"a\\u0062\" : \"q\\\"\\\\\\n\\u00e9\u00e9\", \"list\":[1, {\"x\":null}], \"yes\":true,"
            + "\"price\":-1.50e+3, \"\\u0076alue\":\"own\" }\n";
    store.holding(KEY, json);
    Map<?, ?> fields = Json.object(data("/v1/secret/data/" + KEY), "data");
    assertThat(fields.keySet().toString()).isEqualTo("[value, ab, list, yes, price]");
    assertThat(fields.get("value")).isEqualTo(json);
    assertThat(fields.get("ab")).isEqualTo("q\"\\\n\u00e9\u00e9");
    assertThat(String.valueOf(fields.get("list"))).isEqualTo("[1, {x=null}]");
    assertThat(fields.get("yes")).isEqualTo(true);
    assertThat(String.valueOf(fields.get("price"))).isEqualTo("-1.50E+3");
  }

  @Test
  void bytesAreBase64WithAWordBeside() {
    writer.put(KEY, SecretValue.of(new byte[] {(byte) 0xff, 0, 1}));
    assertThat(Json.object(data("/v1/secret/data/" + KEY), "data"))
        .isEqualTo(Map.of("value", "/wAB", "value-encoding", "base64"));
  }

  @Test
  void aVersionIsReadByItsNumberAfterARotation() {
    store.holding(KEY, "first");
    Map<?, ?> first = data("/v1/secret/data/" + KEY);
    long number = Json.number(Json.object(first, "metadata"), "version");
    writer.put(KEY, SecretValue.of("second"));
    assertThat(agent.provider.refresh(KEY).value().asString()).isEqualTo("second");
    assertThat(data("/v1/secret/data/" + KEY + "?version=" + number)).isEqualTo(first);
    assertThat(data("/v1/secret/data/" + KEY + "?version=0")).isNotEqualTo(first);
    Map<?, ?> metadata = data("/v1/secret/metadata/" + KEY);
    assertThat(Json.number(metadata, "current_version")).isGreaterThan(number);
    assertThat(Json.object(metadata, "versions").toString()).contains(number + "={");
  }

  @Test
  void aMissingSecretIs404AndHasNoErrors() {
    for (String path : List.of("data", "metadata")) {
      RunningAgent.Answer answer = ask("GET", "/v1/secret/" + path + "/" + KEY, OWN);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(errors(answer)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "THROTTLED", "ACCESS_DENIED", "UNAUTHENTICATED", "CORRUPT"})
  void whateverElseFailsIs503AndNever404(Kind kind) {
    store.next(Op.FETCH, KEY, FakeStep.fail(kind));
    RunningAgent.Answer answer = ask("GET", "/v1/secret/data/" + KEY, OWN);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.head()).contains("Retry-After: ");
    assertThat(errors(answer)).hasSize(1);
  }

  @Test
  void aVersionThatCannotBeLookedUpIs503() {
    store.holding(KEY, "first");
    store.next(Op.VERSIONS, KEY, FakeStep.fail(Kind.UNAVAILABLE));
    assertThat(ask("GET", "/v1/secret/data/" + KEY + "?version=999", OWN).status()).isEqualTo(503);
    assertThat(ask("GET", "/v1/secret/data/" + KEY + "?version=999", OWN).status()).isEqualTo(404);
  }

  @Test
  void aTokenIsTakenFromBothOfItsHeaders() {
    store.holding(KEY, "first");
    for (String header : List.of("X-Vault-Token: ", "Authorization: Bearer ")) {
      String path = "/v1/secret/data/" + KEY;
      assertThat(ask("GET", path, header + RunningAgent.TOKEN).status()).isEqualTo(200);
      RunningAgent.Answer wrong = ask("GET", path, header + "another");
      assertThat(wrong.status()).isEqualTo(403);
      assertThat(errors(wrong)).asString().contains("permission denied");
      assertThat(ask("GET", "/v1/auth/token/lookup-self", header + "another").status())
          .isEqualTo(403);
    }
    RunningAgent.Answer self =
        ask("GET", "/v1/auth/token/lookup-self", "X-Vault-Token: " + RunningAgent.TOKEN);
    assertThat(self.status()).isEqualTo(200);
    assertThat(self.text()).contains("token test").doesNotContain(RunningAgent.TOKEN);
  }

  /** As Vault answers for a token that cannot be renewed; a renewer of its client stops there. */
  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST"})
  void tokenIsNotRenewable(String method) {
    String length = "Content-Length: 0";
    String path = "/v1/auth/token/renew-self";
    RunningAgent.Answer own = ask(method, path, length, "X-Vault-Token: " + RunningAgent.TOKEN);
    assertThat(own.status()).isEqualTo(400);
    assertThat(errors(own).toString()).isEqualTo("[lease is not renewable]");
    assertThat(ask(method, path, length, "X-Vault-Token: another").status()).isEqualTo(403);
    assertThat(ask(method, path, length).status()).isEqualTo(403);
  }

  @Test
  void withoutATokenTheHeaderOfVaultsClientsIsNeeded() {
    store.holding(KEY, "first");
    assertThat(ask("GET", "/v1/secret/data/" + KEY).status()).isEqualTo(403);
    assertThat(ask("GET", "/v1/sys/health").status()).isEqualTo(200);
  }

  /** The client would pass the plain value on as if it was a token that works once. */
  @Test
  void wrappingIsRefused() {
    store.holding(KEY, "plain-value");
    for (String path : List.of("data/" + KEY, "metadata/" + KEY)) {
      for (String ttl : List.of("60", "60s", "5m", "-1", "x")) {
        RunningAgent.Answer answer =
            ask("GET", "/v1/secret/" + path, OWN, "X-Vault-Wrap-TTL: " + ttl);
        assertThat(answer.status()).as(ttl).isEqualTo(400);
        assertThat(errors(answer)).asString().contains("X-Vault-Wrap-TTL");
        assertThat(answer.text()).doesNotContain("plain-value");
      }
      for (String none : List.of("", "0", "0s")) {
        assertThat(ask("GET", "/v1/secret/" + path, OWN, "X-Vault-Wrap-TTL: " + none).status())
            .as("'%s'", none)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void whoMayNotReadIsToldNothing() throws IOException {
    agent.writeRules("user " + RunningAgent.OWN_USER + " other/*\n");
    agent.currentRules().reload();
    store.holding(KEY, "first");
    for (String path : List.of("data/" + KEY, "metadata/" + KEY, "data/prod/MISSING")) {
      assertThat(ask("GET", "/v1/secret/" + path, OWN).status()).isEqualTo(403);
    }
    assertThat(ask("LIST", "/v1/secret/metadata/", OWN).status()).isEqualTo(404);
    for (String folder : List.of("prod", "prod/", "others")) {
      assertThat(ask("LIST", "/v1/secret/metadata/" + folder, OWN).status()).isEqualTo(403);
    }
    for (String folder : List.of("other", "other/deep/")) {
      assertThat(ask("LIST", "/v1/secret/metadata/" + folder, OWN).status()).isEqualTo(404);
    }
  }

  @Test
  void foldersAreListed() {
    store.holding(KEY, "v").holding("prod/db/PASSWORD", "v").holding("TOP", "v");
    for (String method : List.of("LIST /v1/secret/metadata", "GET /v1/secret/metadata?list=true")) {
      String[] words = method.split(" ", -1);
      assertThat(ask(words[0], words[1], OWN).text()).contains("[\"TOP\",\"prod/\"]");
    }
    assertThat(ask("LIST", "/v1/secret/metadata/prod", OWN).text())
        .contains("[\"LTC_SECRET_KEY\",\"db/\"]");
    assertThat(ask("LIST", "/v1/secret/metadata/none/", OWN).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/secret/data/A 405",
        "PUT /v1/auth/approle/login 405",
        "DELETE /v1/secret/metadata/A 405",
        "GET /v1/secret/data/ 400",
        "GET /v1/secret/data 400",
        "GET /v1/secret/data/A?version=x 400",
        "GET /v1/secret/data/A?version=-1 400",
        "GET /v1/sys/raw/A 400",
        "GET /v1/sys/data/A 400",
        "GET /v1/team/kv/data/A 400",
        "LIST /v1/secret/data/A 405",
        "GET /v2/secret/data/A 400"
      })
  void otherRequestsAreRefusedAndNever404(String row) {
    String[] words = row.split(" ", -1);
    boolean hasBody = words[0].startsWith("P");
    RunningAgent.Answer answer =
        ask(words[0], words[1], OWN, hasBody ? "Content-Length: 0" : "Accept: */*");
    assertThat(answer.status()).isEqualTo(Integer.parseInt(words[2]));
  }

  @Test
  void theMountIsKvOfVersion2() {
    Map<?, ?> mount = data("/v1/sys/internal/ui/mounts/secret/prod/KEY");
    assertThat(mount.get("path")).isEqualTo("secret/");
    assertThat(mount.get("options")).isEqualTo(Map.of("version", "2"));
  }

  @Test
  void aDeletedSecretIsToldAsVaultDoes() {
    store.holding(KEY, "v");
    writer.delete(KEY);
    RunningAgent.Answer answer = ask("GET", "/v1/secret/data/" + KEY, OWN);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("\"deletion_time\":\"20").contains("\"data\":null");
  }
}
