package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.error;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of names on a service that throttles some of the requests. */
final class AwsThrottledTest {
  private static final int NAMES = 5_000;
  private static final int PAGE = 100;
  private static final String VERSION = "1".repeat(32);

  private final AwsFake aws = new AwsFake();
  private int requests;

  @AfterEach
  void stop() {
    aws.close();
  }

  private SecretProvider open() {
    return SecretProvider.builder()
        .store(aws.open())
        .environment(Map.of())
        .set("timeout", "3s")
        .build();
  }

  private static String name(int number) {
    return "many/N" + number;
  }

  /** Serves pages; the refused requests, numbered from 1 on, get that answer instead. */
  private void serve(IntPredicate refused, Answer refusal) {
    aws.on(
        "ListSecrets",
        parameters -> {
          requests++;
          if (refused.test(requests)) {
            return refusal;
          }
          Object token = parameters.get("NextToken");
          int first = token == null ? 0 : Integer.parseInt(token.toString());
          int next = first + PAGE;
          List<Map<String, String>> page =
              IntStream.range(first, next).mapToObj(i -> Map.of("Name", name(i))).toList();
          return next < NAMES
              ? ok("SecretList", page, "NextToken", String.valueOf(next))
              : ok("SecretList", page);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20, 50})
  void everyNthPageIsAskedForAgain(int each) {
    serve(request -> request % each == 0, error(400, "ThrottlingException"));
    try (SecretProvider provider = open()) {
      assertThat(provider.list("")).hasSize(NAMES).doesNotHaveDuplicates();
    }
    assertThat(aws.calls()).hasSize(NAMES / PAGE + requests / each);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "50,50", "1,3", "30,32", "50,52"})
  void pagesInARowAreAskedForAgain(int first, int last) {
    serve(request -> first <= request && request <= last, error(400, "TooManyRequestsException"));
    try (SecretProvider provider = open()) {
      assertThat(provider.list("many/N1")).hasSize(1_111);
    }
    assertThat(aws.calls()).hasSize(NAMES / PAGE + last - first + 1);
  }

  @Test
  void timeThatIsAskedForIsWaited() {
    serve(request -> request == 20, error(400, "ThrottlingException").with("Retry-After", "1"));
    long begun = System.nanoTime();
    try (SecretProvider provider = open()) {
      assertThat(provider.list("")).hasSize(NAMES);
    }
    assertThat(System.nanoTime() - begun).isGreaterThan(Duration.ofSeconds(1).toNanos());
    assertThat(aws.calls()).hasSize(NAMES / PAGE + 1);
  }

  /** A group of names is a group again: single reads would be twenty requests for one. */
  @Test
  void groupsThatWereThrottledAreGroupsAgain() {
    aws.on(
        "BatchGetSecretValue",
        parameters -> {
          requests++;
          List<?> asked = (List<?>) Objects.requireNonNull(parameters.get("SecretIdList"));
          return requests % 5 == 0
              ? error(400, "ThrottlingException")
              : ok(
                  "SecretValues",
                  asked.stream()
                      .map(name -> AwsFake.entry(name.toString(), VERSION, "of " + name))
                      .toList());
        });
    List<String> names = new ArrayList<>();
    IntStream.range(0, 400).mapToObj(AwsThrottledTest::name).forEach(names::add);
    try (SecretProvider provider = open()) {
      provider.getAll(names).forEach((name, result) -> assertThat(result.error()).isEmpty());
      assertThat(provider.get(name(399)).asString()).isEqualTo("of " + name(399));
    }
    assertThat(aws.calls()).containsOnly("BatchGetSecretValue");
    assertThat(aws.calls()).hasSizeBetween(24, 26);
  }
}
