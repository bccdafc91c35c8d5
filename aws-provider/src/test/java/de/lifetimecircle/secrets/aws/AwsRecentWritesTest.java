package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.FIRST;
import static de.lifetimecircle.secrets.aws.AwsFake.NAME;
import static de.lifetimecircle.secrets.aws.AwsFake.SECOND;
import static de.lifetimecircle.secrets.aws.AwsFake.date;
import static de.lifetimecircle.secrets.aws.AwsFake.error;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static de.lifetimecircle.secrets.aws.AwsFake.value;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store reads after it has written itself, from an AWS that shows a write late. */
class AwsRecentWritesTest {
  private static final String THIRD = "33333333-3333-4333-8333-333333333333";

  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  /** Writes the version SECOND after FIRST. */
  private void putTwo() {
    aws.on("GetSecretValue", value(FIRST, "one"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    store.put(PutRequest.always(NAME, SecretValue.of("two")));
  }

  private void current(String version) {
    aws.on("DescribeSecret", AwsFake.described(Map.of(version, List.of("AWSCURRENT"))));
  }

  @Test
  void ownVersionIsWaitedForUntilAwsShowsIt() {
    aws.on("CreateSecret", ok("Name", NAME, "VersionId", FIRST));
    AtomicInteger reads = new AtomicInteger();
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") != null && reads.incrementAndGet() > 3
                ? value(FIRST, "held")
                : error(400, "ResourceNotFoundException"));
    current(SECOND);
    store.put(PutRequest.always(NAME, SecretValue.of("held")));
    try (SecretValue read = store.fetchVersion(NAME, FIRST).value()) {
      assertThat(read.asString()).isEqualTo("held");
    }
    assertThat(reads).hasValue(4);
  }

  @Test
  void readThatLagsBehindAnOwnPutDoesNotSwallowTheNext() {
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null
                ? value(FIRST, "one")
                : error(400, "ResourceNotFoundException"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    current(FIRST);
    store.put(PutRequest.always(NAME, SecretValue.of("two")));
    // The current version is "two" by now, but AWS still shows "one", also to a caller that
    // describes it.
    PutResult back = store.put(PutRequest.always(NAME, SecretValue.of("one")));
    assertThat(back.outcome()).isEqualTo(Outcome.UPDATED);
    // Another writer has put "one" since, and AWS shows both versions: nothing is to be done.
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    assertThat(store.put(PutRequest.always(NAME, SecretValue.of("one"))))
        .isEqualTo(new PutResult(FIRST, Outcome.UNCHANGED));
  }

  @Test
  void readThatLagsBehindAnOwnPutIsMadeByTheVersion() {
    AtomicInteger reads = new AtomicInteger();
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null
                ? value(FIRST, "one")
                : reads.incrementAndGet() > 2
                    ? value(SECOND, "two", "AWSCURRENT")
                    : error(400, "ResourceNotFoundException"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    aws.on(
        "BatchGetSecretValue",
        ok("SecretValues", List.of(AwsFake.entry(NAME, FIRST, "one")), "Errors", List.of()));
    current(FIRST);
    store.put(PutRequest.always(NAME, SecretValue.of("two")));
    assertThat(store.fetch(NAME).version()).isEqualTo(SECOND);
    assertThat(text(store.fetchAll(List.of(NAME)), NAME)).isEqualTo("two");
    // Somebody else has written since, and AWS shows both.
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(FIRST);
    int calls = aws.calls().size();
    assertThat(store.fetch(NAME).version()).isEqualTo(FIRST);
    assertThat(aws.calls()).hasSize(calls + 1);
  }

  /** A description names labelled versions only, as AWS documents. */
  @Test
  void ownVersionThatTwoLaterWritesReplacedIsNotServed() {
    putTwo();
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null ? value(THIRD, "four") : value(SECOND, "two"));
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(THIRD, List.of("AWSCURRENT"), FIRST, List.of("AWSPREVIOUS"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(THIRD);
    aws.calls().clear();
    assertThat(store.fetch(NAME).version()).isEqualTo(THIRD);
    assertThat(aws.calls()).containsExactly("GetSecretValue");
  }

  /** Each read may be answered by another part of AWS, which lags more. */
  @Test
  void versionOfAnotherThatWasServedIsNotTakenBack() {
    putTwo();
    aws.on("GetSecretValue", value(THIRD, "three", "AWSCURRENT"));
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(THIRD, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(THIRD);
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null
                ? value(SECOND, "two")
                : value(THIRD, "three", "AWSCURRENT"));
    current(SECOND);
    assertThat(store.fetch(NAME).version()).isEqualTo(THIRD);
    assertThat(store.put(PutRequest.always(NAME, SecretValue.of("two"))).outcome())
        .isEqualTo(Outcome.UPDATED);
  }

  /** A version that was there has no label before it becomes current, and after two more. */
  @Test
  void oldVersionThatWasMadeCurrentAgainIsServed() {
    current(FIRST);
    aws.on(
        "ListSecretVersionIds",
        ok(
            "Versions",
            List.of(
                Map.of("VersionId", SECOND, "CreatedDate", date(1), "VersionStages", List.of()))));
    aws.on("UpdateSecretVersionStage", ok("Name", NAME));
    store.promote(NAME, SECOND);
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null ? value(FIRST, "one") : value(SECOND, "two"));
    assertThat(store.fetch(NAME).version()).isEqualTo(SECOND);
  }

  /** Its version is there before it is current, and a description may be of a moment between. */
  @Test
  void conditionalPutThatAwsDoesNotShowYetIsServed() {
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null ? value(FIRST, "one") : value(SECOND, "two"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    aws.on("UpdateSecretVersionStage", ok("Name", NAME));
    store.put(PutRequest.ifVersion(NAME, FIRST, SecretValue.of("two")));
    aws.on(
        "DescribeSecret",
        AwsFake.described(
            Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("secrets-candidate"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(SECOND);
    // Somebody has moved the label back since.
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(FIRST);
  }

  /** The write and the two others may come between the read and the description. */
  @Test
  void versionThatBecameCurrentAfterTheReadIsServed() {
    putTwo();
    aws.on(
        "GetSecretValue",
        parameters ->
            parameters.get("VersionId") == null ? value(FIRST, "one") : value(THIRD, "three"));
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(THIRD, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    assertThat(store.fetch(NAME).version()).isEqualTo(THIRD);
  }

  /** Unchanged would lose the put if the read lags, and without the right nobody can tell. */
  @Test
  void putIsWrittenAgainIfItCannotTellWhetherItsReadLags() {
    aws.on("GetSecretValue", value(FIRST, "one"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    aws.on("DescribeSecret", error(400, "AccessDeniedException"));
    store.put(PutRequest.always(NAME, SecretValue.of("two")));
    assertThat(store.put(PutRequest.always(NAME, SecretValue.of("one"))).outcome())
        .isEqualTo(Outcome.UPDATED);
    assertThat(store.fetch(NAME).version()).isEqualTo(FIRST);
  }

  private static String text(Map<String, BatchStore.Answer> answers, String name) {
    try (SecretValue value =
        java.util.Objects.requireNonNull(answers.get(name)).orElseThrow().value()) {
      return value.asString();
    }
  }
}
