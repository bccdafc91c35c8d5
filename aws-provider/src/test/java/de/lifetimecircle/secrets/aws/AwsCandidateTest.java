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

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The label of a conditional put, left behind by a writer that died after the put. */
class AwsCandidateTest {
  private static final String THIRD = "33333333-3333-4333-8333-333333333333";
  private static final String LABEL = "secrets-candidate";

  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();
  private final List<String> moves = new CopyOnWriteArrayList<>();

  @BeforeEach
  void recordMoves() {
    moved(ok("Name", NAME));
  }

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  private void moved(Answer answer) {
    aws.on(
        "UpdateSecretVersionStage",
        asked -> {
          moves.add(
              asked.get("VersionStage")
                  + ": "
                  + asked.get("RemoveFromVersionId")
                  + " to "
                  + asked.get("MoveToVersionId"));
          return answer;
        });
  }

  private static String dropped(String version) {
    return LABEL + ": " + version + " to null";
  }

  private void described(Map<String, List<String>> labels) {
    aws.on("DescribeSecret", AwsFake.described(labels));
  }

  private static Map<String, ?> version(String id, long time, String... labels) {
    return Map.of("VersionId", id, "CreatedDate", date(time), "VersionStages", List.of(labels));
  }

  @Test
  void previousVersionIsListedWithTheLabel() {
    described(Map.of(THIRD, List.of("AWSCURRENT"), SECOND, List.of("AWSPREVIOUS", LABEL)));
    aws.on(
        "ListSecretVersionIds",
        ok(
            "Versions",
            List.of(
                version(THIRD, 3, "AWSCURRENT"),
                version(SECOND, 2, LABEL, "AWSPREVIOUS"),
                version(FIRST, 1))));
    List<SecretVersion> versions = store.versions(NAME);
    assertThat(versions).extracting(SecretVersion::id).containsExactly(THIRD, SECOND, FIRST);
    assertThat(versions.get(1).stages()).isEqualTo(Set.of(Stage.PREVIOUS));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repeatedPutRemovesTheLabel(boolean isLeft) {
    PutRequest request = PutRequest.ifVersion(NAME, FIRST, SecretValue.of("two"));
    String id = request.id().toString();
    aws.on(
        "GetSecretValue",
        isLeft ? value(id, "two", LABEL, "AWSCURRENT") : value(id, "two", "AWSCURRENT"));
    assertThat(store.put(request)).isEqualTo(new PutResult(id, Outcome.UPDATED));
    assertThat(moves).isEqualTo(isLeft ? List.of(dropped(id)) : List.of());
  }

  /** The move is done, so the pipeline repeats the put, which then removes the label. */
  @Test
  void putWhoseLabelCannotBeRemovedFailsSoThatItIsRepeated() {
    PutRequest request = PutRequest.ifVersion(NAME, FIRST, SecretValue.of("two"));
    aws.on("GetSecretValue", value(FIRST, "one", "AWSCURRENT"));
    aws.on("PutSecretValue", asked -> ok("VersionId", asked.get("ClientRequestToken")));
    aws.on(
        "UpdateSecretVersionStage",
        asked ->
            asked.get("MoveToVersionId") == null
                ? error(400, "ThrottlingException")
                : ok("Name", NAME));
    SecretException failure = catchThrowableOfType(SecretException.class, () -> store.put(request));
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(failure.retryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nextPutRemovesTheLabelIfItMay(boolean isAllowed) {
    aws.on("GetSecretValue", value(SECOND, "two", "AWSCURRENT", LABEL));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", THIRD));
    if (!isAllowed) {
      moved(error(400, "AccessDeniedException"));
    }
    assertThat(store.put(PutRequest.always(NAME, SecretValue.of("three"))))
        .isEqualTo(new PutResult(THIRD, Outcome.UPDATED));
    assertThat(moves).containsExactly(dropped(SECOND));
    assertThat(aws.calls())
        .containsExactly("GetSecretValue", "UpdateSecretVersionStage", "PutSecretValue");
  }

  @Test
  void promotionRemovesTheLabelBeforeItsVersionLosesItsStage() {
    described(
        Map.of(
            FIRST,
            List.of("team-label"),
            SECOND,
            List.of("AWSPREVIOUS", LABEL),
            THIRD,
            List.of("AWSCURRENT")));
    store.promote(NAME, FIRST);
    assertThat(moves).containsExactly(dropped(SECOND), "AWSCURRENT: " + THIRD + " to " + FIRST);
  }

  /** A writer is about to make it current. */
  @Test
  void promotionLeavesTheLabelOnACandidate() {
    described(
        Map.of(
            FIRST, List.of("AWSPREVIOUS"), SECOND, List.of("AWSCURRENT"), THIRD, List.of(LABEL)));
    store.promote(NAME, FIRST);
    assertThat(moves).containsExactly("AWSCURRENT: " + SECOND + " to " + FIRST);
  }

  @Test
  void repeatedRetirementRemovesTheLabel() {
    described(Map.of(THIRD, List.of("AWSCURRENT", LABEL), SECOND, List.of("AWSPREVIOUS")));
    store.retire(NAME, FIRST);
    assertThat(moves).containsExactly(dropped(THIRD));
  }
}
