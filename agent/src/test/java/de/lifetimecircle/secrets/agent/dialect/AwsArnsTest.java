package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ARNs in the configuration of clients that asked AWS itself before. */
class AwsArnsTest {
  private static final String OF_AWS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";

  @ParameterizedTest
  @CsvSource({
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf, prod/db",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db, prod/db",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/my-db-1a2B3c, prod/my-db",
    "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:prod/db-AbCdEf, prod/db",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdE, prod/db-AbCdE",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-Ab_dEf, prod/db-Ab_dEf",
    "arn:aws:secretsmanager:local:000000000000:secret:prod/db-AbCdEf, prod/db-AbCdEf",
    "prod/db-AbCdEf, prod/db-AbCdEf",
  })
  void nameIsTheOneThatTheArnIsOf(String secretId, String name) {
    assertThat(AwsArns.name(secretId)).isEqualTo(name);
  }

  @Test
  void ownArnIsReadBackWhateverTheNameEndsWith() {
    for (String name : List.of("prod/db", "prod/db-AbCdEf")) {
      assertThat(AwsArns.name(AwsArns.of(name))).isEqualTo(name);
    }
  }

  private static Map<?, ?> ask(RunningAgent agent, String operation, String body) {
    RunningAgent.Answer answer =
        agent.tcp(
            RunningAgent.request(
                    "POST / HTTP/1.1",
                    "Host: localhost",
                    "X-Amz-Target: secretsmanager." + operation,
                    "Content-Length: " + body.length(),
                    "Connection: close")
                + body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return Json.object(answer.body()).orElseThrow();
  }

  @Test
  void everyOperationFindsTheSecretByItsArnOfAws(@TempDir Path folder) throws IOException {
    try (RunningAgent agent = RunningAgent.start(folder, RunningAgent.everything())) {
      agent.store.holding("prod/db", "value");
      for (String arn : List.of(OF_AWS + "prod/db-AbCdEf", OF_AWS + "prod/db")) {
        String one = "{\"SecretId\":\"" + arn + "\"}";
        assertThat(Json.text(ask(agent, "GetSecretValue", one), "SecretString")).isEqualTo("value");
        assertThat(Json.text(ask(agent, "DescribeSecret", one), "Name")).isEqualTo("prod/db");
        Map<?, ?> batch = ask(agent, "BatchGetSecretValue", "{\"SecretIdList\":[\"" + arn + "\"]}");
        assertThat(batch.get("Errors")).asInstanceOf(LIST).isEmpty();
        assertThat(batch.get("SecretValues"))
            .asInstanceOf(LIST)
            .map(each -> Json.text((Map<?, ?>) each, "Name"))
            .containsExactly("prod/db");
        assertThat(
                agent
                    .get(
                        "/secretsmanager/get?secretId=" + arn,
                        "X-Vault-Token: " + RunningAgent.TOKEN)
                    .status())
            .isEqualTo(200);
      }
    }
  }
}
