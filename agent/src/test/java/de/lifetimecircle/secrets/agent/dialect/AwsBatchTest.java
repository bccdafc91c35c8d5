package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BatchGetSecretValue within the bounds of AWS, and within those of the agent's memory. */
class AwsBatchTest {
  private static final int MOST = 20;
  private static final int LONG = 300_000;

  @TempDir Path folder;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private RunningAgent.Answer ask(String body) {
    return agent.tcp(
        RunningAgent.request(
                "POST / HTTP/1.1",
                "Host: localhost",
                "X-Amz-Target: secretsmanager.BatchGetSecretValue",
                "Content-Length: " + body.length(),
                "Connection: close")
            + body);
  }

  private static List<String> members(RunningAgent.Answer answer, String list, String member) {
    Map<?, ?> json = Json.object(answer.body()).orElseThrow();
    List<String> texts = new ArrayList<>();
    for (Object each : (List<?>) json.get(list)) {
      texts.add(Json.text((Map<?, ?>) each, member));
    }
    return texts;
  }

  private static String next(RunningAgent.Answer answer) {
    return Json.text(Json.object(answer.body()).orElseThrow(), "NextToken");
  }

  private static String filter(String more) {
    return "{\"Filters\":[{\"Key\":\"name\",\"Values\":[\"\"]}]" + more + "}";
  }

  private static String ids(List<String> names) {
    return names.stream()
        .map(name -> "\"" + name + "\"")
        .collect(Collectors.joining(",", "\"SecretIdList\":[", "]"));
  }

  private List<String> holding(int count, String value) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> "KEY_" + (100 + i)).toList();
    names.forEach(name -> agent.store.holding(name, value));
    return names;
  }

  /** AWS takes exactly one of them; without this, an empty request would read everything. */
  @Test
  void needsAListOrFiltersAndNotBoth() {
    List<String> names = holding(2, "value");
    String both = filter("," + ids(names));
    for (String body : List.of("{}", "{\"SecretIdList\":[]}", "{\"Filters\":[]}", both)) {
      RunningAgent.Answer answer = ask(body);
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.text()).as(body).contains("InvalidParameterException");
    }
  }

  @Test
  void pageHasTwentyValuesAtMost() {
    List<String> names = holding(25, "value");
    for (String more : List.of("", ",\"MaxResults\":100")) {
      RunningAgent.Answer first = ask(filter(more));
      assertThat(members(first, "SecretValues", "Name")).isEqualTo(names.subList(0, MOST));
      RunningAgent.Answer last = ask(filter(more + ",\"NextToken\":\"" + next(first) + "\""));
      assertThat(members(last, "SecretValues", "Name")).isEqualTo(names.subList(MOST, 25));
      assertThat(next(last)).isEmpty();
    }
    assertThat(ask("{" + ids(names) + "}").status()).isEqualTo(400);
  }

  @Test
  void oneSecretIsInTheAnswerOnce() {
    holding(1, "value");
    String arn = AwsArns.of("KEY_100");
    RunningAgent.Answer answer = ask("{" + ids(List.of("KEY_100", arn, "KEY_100")) + "}");
    assertThat(members(answer, "SecretValues", "Name")).containsExactly("KEY_100");
  }

  /** No value is lost: the next page has it, or an error names it. */
  @Test
  void answerIsNoLongerThanTwentyValuesOfAws() {
    List<String> names = holding(12, "\1".repeat(LONG / 6)); // each is six bytes in JSON
    List<String> read = new ArrayList<>();
    String token = "";
    do {
      RunningAgent.Answer page =
          ask(filter(token.isEmpty() ? "" : ",\"NextToken\":\"" + token + "\""));
      assertThat(page.body().length).isLessThan(MOST * 65_536 + 2 * LONG);
      read.addAll(members(page, "SecretValues", "Name"));
      token = next(page);
    } while (!token.isEmpty());
    assertThat(read).isEqualTo(names);

    RunningAgent.Answer listed = ask("{" + ids(names) + "}");
    assertThat(listed.body().length).isLessThan(MOST * 65_536 + 2 * LONG);
    List<String> left = members(listed, "Errors", "SecretId");
    assertThat(left).isNotEmpty();
    assertThat(members(listed, "Errors", "ErrorCode")).containsOnly("InvalidParameterException");
    List<String> both = new ArrayList<>(members(listed, "SecretValues", "Name"));
    both.addAll(left);
    assertThat(new TreeSet<>(both)).containsExactlyElementsOf(names);
    assertThat(both).hasSameSizeAs(names);
  }
}
