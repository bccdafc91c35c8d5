package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that a client of AWS names by id and stage, and the heads of the answers. */
class AwsStagesTest {
  @TempDir Path folder;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
    agent.store.holding("APP_KEY", "first");
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private RunningAgent.Answer ask(String operation, String body) {
    return agent.tcp(
        RunningAgent.request(
                "POST / HTTP/1.1",
                "Host: localhost",
                "X-Amz-Target: secretsmanager." + operation,
                "Content-Length: " + body.length(),
                "Connection: close")
            + body);
  }

  private RunningAgent.Answer get(String more) {
    return ask("GetSecretValue", "{\"SecretId\":\"APP_KEY\"" + more + "}");
  }

  private RunningAgent.Answer get(String id, String stage) {
    return get(",\"VersionId\":\"" + id + "\",\"VersionStage\":\"" + stage + "\"");
  }

  private static String member(RunningAgent.Answer answer, String member) {
    Map<?, ?> json = Json.object(answer.body()).orElseThrow();
    return Json.text(json, member);
  }

  /** The cache still has the old version as the current one, and the backend knows better. */
  @Test
  void stageOfARotatedVersionIsLookedUpInTheBackend() {
    String first = member(get(""), "VersionId");
    assertThat(ask("DescribeSecret", "{\"SecretId\":\"APP_KEY\"}").status()).isEqualTo(200);
    agent.store.holding("APP_KEY", "second");
    assertThat(member(get(""), "SecretString")).as("within soft-age").isEqualTo("first");
    RunningAgent.Answer previous = get(first, "AWSPREVIOUS");
    assertThat(previous.status()).as(previous.text()).isEqualTo(200);
    assertThat(member(previous, "SecretString")).isEqualTo("first");
  }

  /** Other programs delete what depends on a secret that is "not found"; this one is there. */
  @Test
  void stageOfAnotherVersionIsAnInvalidRequest() {
    String first = member(get(""), "VersionId");
    for (String stage : List.of("AWSPREVIOUS", "AWSPENDING", "mine")) {
      RunningAgent.Answer answer = get(first, stage);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(member(answer, "__type")).as(stage).isEqualTo("InvalidRequestException");
      assertThat(member(answer, "message"))
          .isEqualTo(
              "You provided a VersionStage that is not associated to the provided VersionId.");
    }
    assertThat(member(get("f".repeat(32), "AWSCURRENT"), "__type"))
        .isEqualTo("ResourceNotFoundException");
  }

  /** The backend is not asked, so nobody may take the answer for "not found". */
  @Test
  void stageThatTheAgentDoesNotKnowIsAnInvalidParameter() {
    agent.store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    RunningAgent.Answer answer = get(",\"VersionStage\":\"mine\"");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(member(answer, "__type")).isEqualTo("InvalidParameterException");
    assertThat(member(answer, "message")).contains("AWSCURRENT, AWSPREVIOUS and AWSPENDING");
    agent.rewriteRules("user " + RunningAgent.OWN_USER + " OTHER\n");
    assertThat(member(get(",\"VersionStage\":\"mine\""), "__type"))
        .as("without the right to read it")
        .isEqualTo("AccessDeniedException");
  }

  /** Without it, {@code ResponseMetadata['RequestId']} of boto3 is a KeyError. */
  @Test
  void eachAnswerHasARequestIdOfItsOwn() {
    List<RunningAgent.Answer> answers =
        List.of(
            get(""),
            get(",\"VersionStage\":\"mine\""),
            ask("ListSecrets", "{}"),
            ask("PutSecretValue", "{}"),
            agent.get("/v1/APP_KEY", "X-Vault-Token: " + RunningAgent.TOKEN),
            agent.get("/v1/ABSENT", "X-Vault-Token: " + RunningAgent.TOKEN),
            agent.get("/v1/APP_KEY"));
    List<String> ids = new ArrayList<>();
    answers.forEach(answer -> ids.add(answer.header("x-amzn-RequestId").orElse("none")));
    assertThat(ids)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
  }
}
