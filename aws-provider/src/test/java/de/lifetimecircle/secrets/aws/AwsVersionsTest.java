package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.FIRST;
import static de.lifetimecircle.secrets.aws.AwsFake.NAME;
import static de.lifetimecircle.secrets.aws.AwsFake.SECOND;
import static de.lifetimecircle.secrets.aws.AwsFake.date;
import static de.lifetimecircle.secrets.aws.AwsFake.error;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static de.lifetimecircle.secrets.aws.AwsFake.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.aws.store.VersionLists;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/** Versions, stages, pages and batches, by answers that AWS documents. */
class AwsVersionsTest {
  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  private static Map<String, ?> version(String id, long time, String... labels) {
    return Map.of("VersionId", id, "CreatedDate", date(time), "VersionStages", List.of(labels));
  }

  /** The time of every version of {@link AwsFake}. */
  private static final Instant MADE = Instant.ofEpochSecond(1);

  private void current(String version) {
    aws.on("DescribeSecret", AwsFake.described(Map.of(version, List.of("AWSCURRENT"))));
  }

  @Test
  void everyRequestIsCounted() {
    aws.on("GetSecretValue", value(FIRST, "value"));
    assertThat(store.requests()).hasValue(0);
    store.fetch(NAME);
    store.fetch(NAME);
    assertThat(store.requests()).hasValue(2);
  }

  @Test
  void versionsOfAllPagesComeInTheOrderOfTheirMaking() {
    current("c".repeat(32));
    aws.on("GetSecretValue", value("a".repeat(32), "next"));
    aws.on(
        "ListSecretVersionIds",
        parameters -> {
          assertThat(parameters).containsEntry("IncludeDeprecated", true);
          return parameters.get("NextToken") == null
              ? ok(
                  "Versions",
                  List.of(
                      version("b".repeat(32), 7),
                      version("d".repeat(32), 7, "AWSPREVIOUS"),
                      version("c".repeat(32), 7, "AWSCURRENT", "gold")),
                  "NextToken",
                  "more")
              : ok(
                  "Versions",
                  List.of(
                      version("a".repeat(32), 9, "AWSPENDING"),
                      version("0".repeat(32), 1),
                      version("e".repeat(32), 8, "secrets-candidate")));
        });
    assertThat(store.versions(NAME))
        .extracting(SecretVersion::id)
        .containsExactly(
            "a".repeat(32), "c".repeat(32), "d".repeat(32), "b".repeat(32), "0".repeat(32));
    assertThat(store.versions(NAME).get(1).stages()).isEqualTo(Set.of(Stage.CURRENT));
  }

  /** A secret that has a last change, as AWS has and the other tests here leave out. */
  private void described(long changed, Map<String, List<String>> labels) {
    aws.on(
        "DescribeSecret",
        ok(
            "Name",
            NAME,
            "ARN",
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:fake/NAME-AbCdEf",
            "LastChangedDate",
            date(changed),
            "VersionIdsToStages",
            labels));
  }

  /** So that a refresh of valid versions costs one request, as on the other backends. */
  @Test
  void listOfAnUnchangedSecretCostsOneRequest() {
    described(5, Map.of(FIRST, List.of("AWSCURRENT")));
    aws.on("ListSecretVersionIds", ok("Versions", List.of(version(FIRST, 5, "AWSCURRENT"))));
    List<SecretVersion> first = store.versions(NAME);
    assertThat(store.versions(NAME)).isEqualTo(first);
    assertThat(store.versions(NAME)).isEqualTo(first);
    assertThat(aws.calls())
        .containsExactly(
            "DescribeSecret", "ListSecretVersionIds", "DescribeSecret", "DescribeSecret");
  }

  @Test
  void listIsReadAgainAfterEachChange() {
    Map<String, List<String>> labels = Map.of(FIRST, List.of("AWSCURRENT"));
    List<Runnable> changes =
        List.of(
            () -> described(5, labels),
            () -> described(6, labels),
            () ->
                described(6, Map.of(FIRST, List.of("AWSPREVIOUS"), SECOND, List.of("AWSCURRENT"))),
            () -> current(FIRST),
            () -> current(FIRST), // a server that does not tell when a secret changed
            () -> described(6, labels),
            () -> {
              aws.on("GetSecretValue", value(FIRST, "one"));
              aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
              store.put(PutRequest.always(NAME, SecretValue.of("two")));
            });
    aws.on("ListSecretVersionIds", ok("Versions", List.of(version(FIRST, 5, "AWSCURRENT"))));
    for (Runnable change : changes) {
      change.run();
      aws.calls().clear();
      store.versions(NAME);
      assertThat(aws.calls()).containsExactly("DescribeSecret", "ListSecretVersionIds");
    }
  }

  @Test
  void listIsReadAgainAfterAnHour() {
    AtomicLong now = new AtomicLong();
    VersionLists lists = new VersionLists(now::get);
    DescribeSecretResponse described =
        DescribeSecretResponse.builder()
            .arn("arn")
            .lastChangedDate(Instant.ofEpochSecond(5))
            .versionIdsToStages(Map.of(FIRST, List.of("AWSCURRENT")))
            .build();
    lists.remember(NAME, described, List.of());
    now.addAndGet(Duration.ofMinutes(59).toNanos());
    assertThat(lists.unchanged(NAME, described)).isPresent();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(lists.unchanged(NAME, described)).isEmpty();
    lists.remember(NAME, described, List.of());
    assertThat(lists.unchanged(NAME, described.toBuilder().arn("another").build())).isEmpty();
  }

  /** Lists versions with these labels; those without a value cannot be read. */
  private void rotated(Map<String, List<String>> labels, String... withoutValue) {
    described(5, labels);
    List<Map<String, ?>> listed = new ArrayList<>();
    labels.forEach((id, own) -> listed.add(version(id, 5, own.toArray(String[]::new))));
    aws.on("ListSecretVersionIds", ok("Versions", listed));
    aws.on(
        "GetSecretValue",
        asked ->
            labels.keySet().stream()
                .filter(id -> !List.of(withoutValue).contains(id))
                .filter(
                    id ->
                        id.equals(asked.get("VersionId"))
                            || labels.get(id).contains(String.valueOf(asked.get("VersionStage"))))
                .findFirst()
                .map(id -> value(id, id))
                .orElseGet(() -> error(400, "ResourceNotFoundException")));
  }

  private SecretProvider provider() {
    return SecretProvider.builder().environment(Map.of()).store(store).build();
  }

  private static List<String> valid(List<Secret> versions) {
    return versions.stream().map(Secret::version).toList();
  }

  /**
   * A rotation by AWS may leave the label of the pending version on the one that is current now
   * (reference of RotateSecret, read 2026-12-01).
   */
  @ParameterizedTest
  @CsvSource({"AWSCURRENT, AWSPREVIOUS AWSPENDING", "AWSCURRENT AWSPENDING, AWSPREVIOUS"})
  void labelOfAnEndedRotationMakesNoVersionPending(String current, String previous) {
    rotated(
        Map.of(SECOND, List.of(current.split(" ", -1)), FIRST, List.of(previous.split(" ", -1))));
    try (SecretProvider secrets = provider()) {
      assertThat(valid(secrets.validVersions(NAME))).containsExactly(SECOND, FIRST);
      assertThat(secrets.get(NAME, VersionSelector.previous(1)).version()).isEqualTo(FIRST);
      SecretException failure =
          catchThrowableOfType(
              SecretException.class, () -> secrets.get(NAME, VersionSelector.stage(Stage.PENDING)));
      assertThat(failure.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
    }
  }

  /**
   * AWS makes the pending version before the function that rotates puts its value, and a rotation
   * that fails leaves it without one (references of DescribeSecret and RotateSecret, read
   * 2026-12-01).
   */
  @Test
  void pendingVersionWithoutAValueIsNone() {
    Map<String, List<String>> labels =
        Map.of(SECOND, List.of("AWSPENDING"), FIRST, List.of("AWSCURRENT"));
    rotated(labels, SECOND);
    try (SecretProvider secrets = provider()) {
      assertThat(valid(secrets.validVersions(NAME))).containsExactly(FIRST);
      rotated(labels);
      assertThat(valid(secrets.validVersions(NAME, Duration.ZERO))).containsExactly(FIRST, SECOND);
    }
  }

  /** A policy may grant the current version alone; the reader of another one gets the reason. */
  @Test
  void pendingVersionThatMayNotBeReadIsListed() {
    rotated(Map.of(SECOND, List.of("AWSPENDING"), FIRST, List.of("AWSCURRENT")));
    aws.on("GetSecretValue", error(400, "AccessDeniedException"));
    assertThat(store.versions(NAME)).hasSize(2);
  }

  @Test
  void versionsOfADeletedSecretAreNotServedFromAnEarlierList() {
    described(5, Map.of(FIRST, List.of("AWSCURRENT")));
    aws.on("ListSecretVersionIds", ok("Versions", List.of(version(FIRST, 5, "AWSCURRENT"))));
    store.versions(NAME);
    aws.on("DescribeSecret", AwsFake.deleted());
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> store.versions(NAME));
    assertThat(failure.kind()).isEqualTo(Kind.PENDING_DELETION);
  }

  @Test
  void listThatGoesInACircleEnds() {
    aws.on("ListSecrets", ok("SecretList", List.of(Map.of("Name", "a")), "NextToken", "again"));
    SecretException failure = catchThrowableOfType(SecretException.class, () -> store.list(""));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(aws.calls()).hasSize(2);
  }

  @Test
  void listLeavesOutWhatTheFilterOfAwsLetsThrough() {
    aws.on(
        "ListSecrets",
        ok(
            "SecretList",
            List.of(
                Map.of("Name", "prod/b"),
                Map.of("Name", "PROD/x"),
                Map.of("Name", "other/prod/"),
                Map.of("Name", "prod/gone", "DeletedDate", date(5)),
                Map.of("Name", "prod/a"),
                Map.of("Name", "prod/B"))));
    assertThat(store.list("prod/")).containsExactly("prod/B", "prod/a", "prod/b");
    assertThat(store.list("!prod")).isEmpty();
    assertThat(aws.calls()).hasSize(1);
  }

  /** AWS limits the length of a version's id only, and writers choose it. */
  @ParameterizedTest
  @ValueSource(strings = {"x_", "#/"})
  void versionIsReadByAnIdThatIsNoUuid(String part) {
    String id = part.repeat(16);
    rotated(Map.of(SECOND, List.of("AWSCURRENT"), id, List.of("AWSPREVIOUS")));
    try (SecretProvider secrets = provider()) {
      assertThat(secrets.get(NAME, VersionSelector.previous(1)).version()).isEqualTo(id);
      assertThat(valid(secrets.validVersions(NAME))).containsExactly(SECOND, id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "0123456789012345678901234567890", "with a space that AWS would refuse"})
  void versionWithAnImpossibleIdIsNotAskedFor(String id) {
    current(SECOND);
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> store.fetchVersion(NAME, id));
    assertThat(failure.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
    assertThat(aws.calls()).containsExactly("DescribeSecret");
  }

  @Test
  void versionOfSomebodyElseIsNotWaitedFor() {
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    current(SECOND);
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> store.fetchVersion(NAME, FIRST));
    assertThat(failure.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
    assertThat(aws.calls()).containsExactly("GetSecretValue", "DescribeSecret");
  }

  @Test
  void currentVersionIsReadByItsLabelAfterAMoveBack() {
    aws.on(
        "GetSecretValue",
        parameters -> {
          assertThat(parameters).containsEntry("VersionStage", "AWSCURRENT");
          return value(FIRST, "one");
        });
    assertThat(store.fetch(NAME).version()).isEqualTo(FIRST);
  }

  @Test
  void promotionNamesTheVersionThatItExpectsAndEndsAPendingOne() {
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPENDING"))));
    List<Map<String, ?>> moves = new java.util.concurrent.CopyOnWriteArrayList<>();
    aws.on(
        "UpdateSecretVersionStage",
        parameters -> {
          moves.add(parameters);
          return ok("Name", NAME);
        });
    store.promote(NAME, SECOND);
    assertThat(moves).hasSize(2);
    assertThat(moves.get(0).toString())
        .contains(
            "VersionStage=AWSCURRENT", "RemoveFromVersionId=" + FIRST, "MoveToVersionId=" + SECOND);
    assertThat(moves.get(1).toString())
        .contains("VersionStage=AWSPENDING", "RemoveFromVersionId=" + SECOND)
        .doesNotContain("MoveTo");
  }

  @Test
  void promotionThatLosesARaceIsAConflict() {
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPENDING"))));
    aws.on(
        "UpdateSecretVersionStage",
        parameters -> {
          current("3".repeat(32));
          return error(400, "InvalidParameterException");
        });
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> store.promote(NAME, SECOND));
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
  }

  @Test
  void largeValueIsReadOnlyIfItsVersionChanged() {
    current(FIRST);
    aws.on("GetSecretValue", value(SECOND, "new"));
    assertThat(store.fetchUnless(NAME, FIRST, MADE, 50_000)).isEmpty();
    assertThat(aws.calls()).containsExactly("DescribeSecret");
    current(SECOND);
    assertThat(store.fetchUnless(NAME, FIRST, MADE, 50_000)).isPresent();
    assertThat(aws.calls()).containsExactly("DescribeSecret", "DescribeSecret", "GetSecretValue");
  }

  @Test
  void smallValueIsReadAtOnce() {
    aws.on("GetSecretValue", value(FIRST, "same"));
    assertThat(store.fetchUnless(NAME, FIRST, MADE, 100)).isEmpty();
    assertThat(store.fetchUnless(NAME, SECOND, MADE, 100)).isPresent();
    assertThat(aws.calls()).containsOnly("GetSecretValue");
  }

  @Test
  void batchGoesInGroupsAndReadsSinglyWhatItIsNotTold() {
    List<String> names = IntStream.range(0, 45).mapToObj(i -> "many/N" + i).toList();
    aws.on(
        "BatchGetSecretValue",
        parameters -> {
          List<?> asked =
              (List<?>) java.util.Objects.requireNonNull(parameters.get("SecretIdList"));
          assertThat(asked).hasSizeLessThanOrEqualTo(20);
          return ok(
              "SecretValues",
              asked.stream()
                  .filter(name -> !name.equals("many/N7") && !name.equals("many/N8"))
                  .map(name -> AwsFake.entry(name.toString(), FIRST, "value of " + name))
                  .toList(),
              "Errors",
              asked.contains("many/N8")
                  ? List.of(Map.of("SecretId", "many/N8", "ErrorCode", "AccessDeniedException"))
                  : List.of());
        });
    aws.on("GetSecretValue", value(SECOND, "single"));
    Map<String, BatchStore.Answer> answers = store.fetchAll(names);
    assertThat(answers).hasSize(45);
    assertThat(text(answers, "many/N44")).isEqualTo("value of many/N44");
    assertThat(text(answers, "many/N7")).isEqualTo("single");
    assertThat(java.util.Objects.requireNonNull(answers.get("many/N8")).error())
        .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.ACCESS_DENIED));
    assertThat(aws.calls())
        .containsExactly(
            "BatchGetSecretValue", "GetSecretValue", "BatchGetSecretValue", "BatchGetSecretValue");
  }

  /** As moto answers after a rotation: without a label it has the version of before. */
  @Test
  void entryOfABatchThatIsNotTheCurrentVersionIsReadByItsLabel() {
    aws.on(
        "BatchGetSecretValue",
        ok(
            "SecretValues",
            List.of(
                AwsFake.entry("a", FIRST, "old", "AWSPREVIOUS"),
                AwsFake.entry("b", FIRST, "pending", "AWSPENDING", "TEAMS_OWN"),
                AwsFake.entry("c", FIRST, "current", "TEAMS_OWN", "AWSCURRENT"),
                Map.of("Name", "d", "VersionId", FIRST, "SecretString", "of no label")),
            "Errors",
            List.of()));
    aws.on("GetSecretValue", value(SECOND, "new", "AWSCURRENT"));
    Map<String, BatchStore.Answer> answers = store.fetchAll(List.of("a", "b", "c", "d"));
    assertThat(text(answers, "a")).isEqualTo("new");
    assertThat(text(answers, "b")).isEqualTo("new");
    assertThat(text(answers, "c")).isEqualTo("current");
    assertThat(text(answers, "d")).isEqualTo("new");
  }

  @Test
  void batchWithoutTheRightReadsSingly() {
    aws.on("BatchGetSecretValue", error(400, "AccessDeniedException"));
    aws.on("GetSecretValue", value(SECOND, "single"));
    assertThat(text(store.fetchAll(List.of("a", "b", "!")), "b")).isEqualTo("single");
    assertThat(aws.calls())
        .containsExactly("BatchGetSecretValue", "GetSecretValue", "GetSecretValue");
  }

  @Test
  void batchThatIsThrottledAsksForNothingElse() {
    aws.on("BatchGetSecretValue", error(400, "ThrottlingException"));
    Map<String, BatchStore.Answer> answers = store.fetchAll(List.of("a", "b"));
    assertThat(answers.values())
        .allSatisfy(
            answer ->
                assertThat(answer.error())
                    .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.THROTTLED)));
    assertThat(aws.calls()).hasSize(1);
  }

  private static String text(Map<String, BatchStore.Answer> answers, String name) {
    try (SecretValue value =
        java.util.Objects.requireNonNull(answers.get(name)).orElseThrow().value()) {
      return value.asString();
    }
  }

  @Test
  void newSecretGetsItsKeyItsDescriptionAndItsTags() {
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    List<Map<String, ?>> made = new java.util.concurrent.CopyOnWriteArrayList<>();
    aws.on(
        "CreateSecret",
        parameters -> {
          made.add(parameters);
          return ok("Name", NAME, "VersionId", FIRST);
        });
    PutRequest request = PutRequest.always(NAME, SecretValue.of("value"));
    try (AwsStore configured =
        aws.open(
            Map.of(
                "kms-key", "alias/own", "description", "for a test", "tags", "team=core, a=b"))) {
      configured.put(request);
    }
    assertThat(made.get(0).toString())
        .contains("KmsKeyId=alias/own", "Description=for a test", "Value=core", "Key=team", "Key=a")
        .contains("ClientRequestToken=" + request.id());
  }

  @Test
  void deleteTellsTheWindowAndPurgeWaitsUntilItIsTrue() {
    List<Map<String, ?>> deletes = new java.util.concurrent.CopyOnWriteArrayList<>();
    aws.on(
        "DeleteSecret",
        parameters -> {
          deletes.add(parameters);
          return ok("Name", NAME);
        });
    AtomicInteger looks = new AtomicInteger();
    aws.on(
        "DescribeSecret",
        parameters ->
            looks.incrementAndGet() < 4
                ? AwsFake.deleted()
                : error(400, "ResourceNotFoundException"));
    try (AwsStore configured = aws.open(Map.of("recovery-window", "7d"))) {
      configured.delete(NAME);
      configured.purge(NAME);
    }
    assertThat(deletes.get(0).toString()).contains("RecoveryWindowInDays=7");
    assertThat(deletes.get(1).toString()).contains("ForceDeleteWithoutRecovery=true");
    assertThat(looks).hasValue(4);
  }

  /** 20 labels on all versions of a secret (quotas of Secrets Manager, read 2026-11-24). */
  @Test
  void fullQuotaOfLabelsStopsOnlyWhatNeedsAnother() {
    List<String> labels = new ArrayList<>(List.of("AWSCURRENT", "AWSPREVIOUS"));
    IntStream.range(0, 18).forEach(i -> labels.add("team-" + i));
    aws.on("DescribeSecret", AwsFake.described(Map.of(FIRST, labels)));
    aws.on(
        "GetSecretValue",
        parameters ->
            "AWSPENDING".equals(parameters.get("VersionStage"))
                ? error(400, "ResourceNotFoundException")
                : value(FIRST, "held"));
    aws.on(
        "PutSecretValue",
        parameters ->
            labels.containsAll((List<?>) parameters.get("VersionStages"))
                ? ok("Name", NAME, "VersionId", SECOND)
                : error(400, "LimitExceededException"));
    try (SecretValue value = SecretValue.of("new")) {
      for (PutRequest another :
          List.of(PutRequest.ifVersion(NAME, FIRST, value), PutRequest.pending(NAME, value))) {
        aws.calls().clear();
        SecretException failure =
            catchThrowableOfType(SecretException.class, () -> store.put(another));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure)
            .hasMessageContaining("a quota is used up")
            .hasMessageContaining("remove labels");
        assertThat(aws.calls()).containsExactly("GetSecretValue", "PutSecretValue");
      }
      assertThat(store.put(PutRequest.always(NAME, value)).version()).isEqualTo(SECOND);
    }
  }

  @Test
  void promotionThatALimitStopsLeavesTheCurrentVersion() {
    aws.on(
        "DescribeSecret",
        AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS"))));
    aws.on("UpdateSecretVersionStage", error(400, "LimitExceededException"));
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> store.promote(NAME, SECOND));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(aws.calls()).containsExactly("DescribeSecret", "UpdateSecretVersionStage");
  }
}
