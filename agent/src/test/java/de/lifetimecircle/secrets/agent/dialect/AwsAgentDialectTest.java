package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of AWS's agent, asked as its clients ask. */
class AwsAgentDialectTest {
  private static final String TOKEN = "X-Aws-Parameters-Secrets-Token: " + RunningAgent.TOKEN;

  @TempDir Path folder;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
    agent.store.holding("APP_KEY", "first").holding("prod/DB", "db");
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private static Map<?, ?> json(RunningAgent.Answer answer) {
    return Json.object(answer.body()).orElseThrow();
  }

  @Test
  void bothPathsAnswerAsGetSecretValue() {
    for (String path : List.of("/secretsmanager/get?secretId=APP_KEY", "/v1/APP_KEY")) {
      RunningAgent.Answer answer = agent.get(path, TOKEN);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(json(answer))
          .extracting("Name", "SecretString", "VersionStages")
          .containsExactly("APP_KEY", "first", List.of("AWSCURRENT"));
      assertThat(Json.text(json(answer), "VersionId")).hasSizeBetween(32, 64);
      assertThat(Json.text(json(answer), "ARN")).startsWith("arn:aws:secretsmanager:");
      assertThat(json(answer).get("CreatedDate"))
          .as("a text, as AWS's agent writes it")
          .asInstanceOf(STRING)
          .matches("[0-9]+\\.[0-9]{3}");
    }
    assertThat(Json.text(json(agent.get("/v1/prod/DB", TOKEN)), "SecretString")).isEqualTo("db");
    assertThat(
            Json.text(
                json(agent.get("/v1/APP_KEY", "X-Vault-Token: " + RunningAgent.TOKEN)),
                "SecretString"))
        .isEqualTo("first");
  }

  /** Without the token of the next page, a client would take the first for all. */
  @Test
  void aBatchByFilterNamesItsNextPage() {
    String body = "{\"Filters\":[{\"Key\":\"name\",\"Values\":[\"\"]}],\"MaxResults\":1%s}";
    Map<?, ?> first = batch(String.format(java.util.Locale.ROOT, body, ""));
    assertThat(first.get("SecretValues")).asInstanceOf(LIST).hasSize(1);
    assertThat(Json.text(first, "NextToken")).isEqualTo("APP_KEY");
    Map<?, ?> last =
        batch(String.format(java.util.Locale.ROOT, body, ",\"NextToken\":\"APP_KEY\""));
    assertThat(last.get("SecretValues")).asInstanceOf(LIST).hasSize(1);
    assertThat(last.containsKey("NextToken")).isFalse();
  }

  private Map<?, ?> batch(String body) {
    return json(aws("BatchGetSecretValue", body));
  }

  private RunningAgent.Answer aws(String operation, String body) {
    return agent.tcp(
        RunningAgent.request(
                "POST / HTTP/1.1",
                "Host: localhost",
                "X-Amz-Target: secretsmanager." + operation,
                "Content-Length: " + body.length(),
                "Connection: close")
            + body);
  }

  private RunningAgent.Answer filtered(String filters) {
    return aws("ListSecrets", "{\"Filters\":[" + filters.replace('\'', '"') + "]}");
  }

  /** One of the values of a filter suffices, all filters have to pass, and {@code !} negates. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'Key':'name','Values':['prod/D','test/']} | prod/DB test/DB",
        "{'Key':'name','Values':['!prod/']} | APP_KEY test/DB",
        "{'Key':'name','Values':['prod/']},{'Key':'name','Values':['!prod/D']} | prod/API",
        "{'Key':'name','Values':['!prod/']},{'Key':'name','Values':['!APP']} | test/DB",
        "{'Key':'name','Values':['p']},{'Key':'name','Values':['prod/D','test/']} | prod/DB",
      })
  void listsAreFilteredAsAwsDocumentsIt(String filters, String names) {
    agent.store.holding("prod/API", "api").holding("test/DB", "db");
    assertThat(json(filtered(filters)).get("SecretList"))
        .asInstanceOf(LIST)
        .map(each -> Json.text((Map<?, ?>) each, "Name"))
        .containsExactly(names.split(" ", -1));
  }

  /**
   * An empty list would say that there is no such secret, and a full one that all of them match.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'Key':'tag-key','Values':['team']} | by name only",
        "{'Key':'name','Values':[]} | has no Values",
        "{'Key':'name'} | has no Values",
        "{'Key':'name','Values':['APP','!prod/']} | a filter of its own",
      })
  void filterThatTheAgentDoesNotKnowIsRefused(String filters, String why) {
    RunningAgent.Answer answer = filtered(filters);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(Json.text(json(answer), "__type")).isEqualTo("InvalidParameterException");
    assertThat(Json.text(json(answer), "message")).contains(why);
  }

  @Test
  void versionsAreReadByIdAndByStage() {
    String first = Json.text(json(agent.get("/v1/APP_KEY", TOKEN)), "VersionId");
    agent.store.holding("APP_KEY", "second");
    assertThat(value("/v1/APP_KEY")).isEqualTo("first");
    // A reader that insists accepts an answer of the last second, so that such readers share loads.
    LockSupport.parkNanos(AuthorizedReads.FRESH.plusMillis(100).toNanos());
    assertThat(value("/v1/APP_KEY?refreshNow=true")).isEqualTo("second");
    assertThat(value("/v1/APP_KEY?versionId=" + first)).isEqualTo("first");
    assertThat(value("/v1/APP_KEY?versionStage=AWSPREVIOUS")).isEqualTo("first");
    assertThat(value("/v1/APP_KEY?versionStage=AWSCURRENT")).isEqualTo("second");
    assertThat(agent.get("/v1/APP_KEY?versionStage=mine", TOKEN).status()).isEqualTo(400);
    assertThat(agent.get("/v1/APP_KEY?versionStage=AWSCURRENT&versionId=" + first, TOKEN).status())
        .isEqualTo(400);
  }

  @Test
  void readerThatInsistsGetsThePreviousVersionOfNow() {
    agent.store.holding("APP_KEY", "second");
    String previous = "/v1/APP_KEY?versionStage=AWSPREVIOUS";
    assertThat(value(previous)).isEqualTo("first");
    agent.store.holding("APP_KEY", "third");
    LockSupport.parkNanos(AuthorizedReads.FRESH.plusMillis(100).toNanos());
    assertThat(value(previous)).as("within soft-age").isEqualTo("first");
    assertThat(value(previous + "&refreshNow=true")).isEqualTo("second");
    RunningAgent.Answer pending =
        agent.get("/v1/APP_KEY?versionStage=AWSPENDING&refreshNow=true", TOKEN);
    assertThat(pending.status()).isEqualTo(400);
    assertThat(Json.text(json(pending), "__type")).isEqualTo("ResourceNotFoundException");
  }

  private String value(String path) {
    return Json.text(json(agent.get(path, TOKEN)), "SecretString");
  }

  /** Each as AWS documents it. */
  @ParameterizedTest
  @CsvSource({
    "/v1/APP_KEY?roleArn=x, 400",
    "/v1/APP_KEY?refreshNow=maybe, 400",
    "/v1/APP_KEY?secretId=OTHER, 400",
    "/secretsmanager/get, 400",
    "/secretsmanager/get?secretId=, 400",
    "/secretsmanager/get?secretId=ABSENT, 400",
    "/secretsmanager/other?secretId=APP_KEY, 400",
  })
  void refuses(String path, int status) {
    assertThat(agent.get(path, TOKEN).status()).isEqualTo(status);
  }

  @Test
  void failuresHaveTheCodesOfAws() {
    assertThat(Json.text(json(agent.get("/v1/ABSENT", TOKEN)), "__type"))
        .isEqualTo("ResourceNotFoundException");
    agent.store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    RunningAgent.Answer down = agent.get("/v1/prod/DB", TOKEN);
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.header("Retry-After")).isPresent();
  }

  @Test
  void withoutTheTokenNothingIsReadButPing() {
    assertThat(agent.get("/v1/APP_KEY").status()).isEqualTo(403);
    assertThat(agent.get("/secretsmanager/get?secretId=APP_KEY").status()).isEqualTo(403);
    assertThat(agent.get("/ping").text()).isEqualTo("healthy");
    assertThat(agent.get("/v1/APP_KEY", TOKEN, "X-Forwarded-For: 10.0.0.1").status())
        .isEqualTo(400);
  }

  @Test
  void binaryValueIsInBase64() {
    agent.store.put(
        de.lifetimecircle.secrets.spi.PutRequest.always(
            "BINARY", de.lifetimecircle.secrets.SecretValue.of(new byte[] {(byte) 0xff, 0, 1})));
    assertThat(Json.text(json(agent.get("/v1/BINARY", TOKEN)), "SecretBinary")).isEqualTo("/wAB");
  }

  @Test
  void statusShowsNoNames() {
    assertThat(value("/v1/APP_KEY")).isEqualTo("first");
    String health = agent.get("/health").text();
    String metrics = agent.get("/metrics").text();
    assertThat(health).contains("\"status\":\"up\"", "\"held\":1");
    assertThat(metrics)
        .contains("secrets_agent_answers_total{dialect=\"aws-agent\",status=\"200\"} 1");
    assertThat(health + metrics).doesNotContain("APP_KEY", "first");
  }
}
