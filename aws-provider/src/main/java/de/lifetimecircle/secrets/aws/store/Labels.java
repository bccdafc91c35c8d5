package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** Moves staging labels from version to version. */
record Labels(Reads reads, RecentWrites recent) {
  /**
   * Makes a version current if the expected one is so now. AWS moves the label of the previous
   * version by itself.
   *
   * @return false if another one is current
   */
  boolean makeCurrent(Call call, String version, @Nullable String expected) {
    try {
      move(call, Stages.CURRENT, version, expected);
      return true;
    } catch (AwsServiceException e) {
      if (!ErrorCodes.is(e, ErrorCodes.BAD_PARAMETER) && !ErrorCodes.is(e, ErrorCodes.BAD_STATE)) {
        throw e;
      }
      Optional<String> current = Stages.holder(call.describeLive(), Stages.CURRENT);
      if (current.filter(version::equals).isPresent()) {
        return true;
      }
      if (current.filter(id -> id.equals(expected)).isPresent()) {
        throw e;
      }
      return false;
    }
  }

  /** Takes a label off a version; no matter if it is not there any more. */
  void drop(Call call, String version, String label) {
    try {
      move(call, label, null, version);
    } catch (AwsServiceException e) {
      if (!ErrorCodes.is(e, ErrorCodes.BAD_PARAMETER)
          && !ErrorCodes.is(e, ErrorCodes.BAD_STATE)
          && !ErrorCodes.is(e, ErrorCodes.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /**
   * Takes the label of a candidate off a version that has become current, as long as its other
   * labels tell: without them a list would leave it out. Costs nothing unless a writer died.
   */
  void endCandidate(Call call, Map<String, List<String>> labels) {
    Stages.formerCandidate(labels).ifPresent(id -> drop(call, id, Stages.CANDIDATE));
  }

  /** As above, for a version that has been read. */
  void endCandidate(Call call, GetSecretValueResponse read) {
    endCandidate(call, Map.of(read.versionId(), read.versionStages()));
  }

  private static void move(Call call, String label, @Nullable String to, @Nullable String from) {
    var unused =
        call.ask(
            sdk ->
                sdk.updateSecretVersionStage(
                    r ->
                        r.secretId(call.name())
                            .versionStage(label)
                            .moveToVersionId(to)
                            .removeFromVersionId(from)
                            .overrideConfiguration(call.inTime())));
  }

  /** Makes any version current, and no longer pending. */
  void promote(Call call, String version) {
    DescribeSecretResponse known = call.describeLive();
    String current = Stages.holder(known, Stages.CURRENT).orElse(null);
    endCandidate(call, known.versionIdsToStages());
    if (!version.equals(current)) {
      requireVersion(call, known, version);
      if (!makeCurrent(call, version, current)) {
        throw StoreFailure.of(
            Kind.CONFLICT,
            "another writer made another version current meanwhile",
            "List its versions and decide again");
      }
    }
    String before = version.equals(current) ? null : current;
    recent.remember(call.name(), RecentWrites.Known.chosen(version, before));
    if (known.versionIdsToStages().getOrDefault(version, List.of()).contains(Stages.PENDING)) {
      drop(call, version, Stages.PENDING);
    }
  }

  private void requireVersion(Call call, DescribeSecretResponse known, String version) {
    if (!known.versionIdsToStages().containsKey(version)
        && reads.entries(call).stream().noneMatch(entry -> entry.versionId().equals(version))) {
      throw StoreFailure.of(Kind.VERSION_NOT_FOUND, "it has no such version", "List its versions");
    }
  }
}
