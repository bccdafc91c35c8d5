package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret that AWS copies to other regions, seen from its own region and from another one. */
class AwsReplicaTest {
  private static final Map<String, List<String>> LABELS =
      Map.of(AwsFake.FIRST, List.of("AWSCURRENT"));

  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  private static Answer replica(String primary) {
    return AwsFake.ok("Name", AwsFake.NAME, "PrimaryRegion", primary, "VersionIdsToStages", LABELS);
  }

  private static Answer primary() {
    return AwsFake.ok(
        "Name",
        AwsFake.NAME,
        "PrimaryRegion",
        "eu-central-1",
        "ReplicationStatus",
        List.of(
            Map.of("Region", "us-east-1", "Status", "InSync", "StatusMessage", "Replicated"),
            Map.of(
                "Region",
                "eu-west-3",
                "Status",
                "Failed",
                "StatusMessage",
                "A secret of that name exists")),
        "VersionIdsToStages",
        LABELS);
  }

  @Test
  void descriptionNamesThePrimaryRegionAndTheStateOfEachReplica() {
    aws.on("DescribeSecret", primary());
    assertThat(store.describe(AwsFake.NAME))
        .containsEntry("region", "eu-central-1")
        .containsEntry("primary-region", "eu-central-1")
        .containsEntry(
            "replicas", "eu-west-3 Failed (A secret of that name exists), us-east-1 InSync");
    aws.on("DescribeSecret", replica("us-west-2"));
    assertThat(store.describe(AwsFake.NAME))
        .containsEntry("region", "eu-central-1")
        .containsEntry("primary-region", "us-west-2")
        .doesNotContainKey("replicas");
    aws.on("DescribeSecret", AwsFake.described(LABELS));
    assertThat(store.describe(AwsFake.NAME)).doesNotContainKeys("primary-region", "replicas");
  }

  @ParameterizedTest
  @CsvSource({
    "put, us-west-2",
    "delete, us-west-2",
    "put, eu-west-3",
    "delete, eu-west-3",
    "promote, eu-west-3"
  })
  void changeOfAReplicaNamesTheRegionOfItsPrimary(String call, String region) {
    refuseChanges();
    aws.on("DescribeSecret", replica(region));
    SecretException failure = failure(call);
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(failure)
        .hasMessageContaining("it is a replica of the secret in " + region)
        .hasMessageContaining("with aws.region set to " + region)
        .hasMessageNotContaining("describe");
  }

  @Test
  void deletionOfAPrimaryWithReplicasNamesThem() {
    refuseChanges();
    aws.on("DescribeSecret", primary());
    assertThat(failure("delete"))
        .hasMessageContaining("it has replicas in other regions")
        .hasMessageContaining(
            "aws secretsmanager remove-regions-from-replication --secret-id 'fake/NAME'"
                + " --remove-replica-regions eu-west-3 us-east-1");
    assertThat(failure("put")).hasMessageNotContaining("replicas");
  }

  /** The sentence about replicas says that one cannot delete, which is not a deletion. */
  @Test
  void replicaIsKnownWithoutTheRightToDescribe() {
    refuseChanges();
    aws.on("DescribeSecret", AwsFake.error(400, "AccessDeniedException"));
    SecretException failure = failure("delete");
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(failure).hasMessageContaining("it is a replica, or has replicas");
  }

  private void refuseChanges() {
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, "held", "AWSCURRENT"));
    Answer refusal =
        Answer.of(
            400,
            "application/x-amz-json-1.1",
            "{\"__type\":\"InvalidRequestException\",\"message\":\"You can't delete or change it:"
                + " Operation not permitted on a replica secret.\"}");
    for (String operation : List.of("PutSecretValue", "DeleteSecret", "UpdateSecretVersionStage")) {
      aws.on(operation, refusal);
    }
    aws.on(
        "ListSecretVersionIds",
        AwsFake.ok("Versions", List.of(Map.of("VersionId", AwsFake.SECOND))));
  }

  private SecretException failure(String call) {
    return catchThrowableOfType(
        SecretException.class,
        () -> {
          switch (call) {
            case "put" -> store.put(PutRequest.always(AwsFake.NAME, SecretValue.of("new")));
            case "delete" -> store.delete(AwsFake.NAME);
            default -> store.promote(AwsFake.NAME, AwsFake.SECOND);
          }
        });
  }
}
