package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;
import software.amazon.awssdk.services.secretsmanager.model.StatusType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** Facts for people. Stateless. */
final class Facts {
  private Facts() {}

  static Map<String, String> describe(Call call) {
    DescribeSecretResponse known = call.describeLive();
    Map<String, String> facts = new LinkedHashMap<>();
    put(facts, "name", known.name());
    put(facts, "arn", known.arn());
    put(facts, "region", call.config().region());
    put(facts, "primary-region", known.primaryRegion());
    put(facts, "replicas", replicas(known));
    put(facts, "description", known.description());
    put(facts, "kms-key", known.kmsKeyId() == null ? "aws/secretsmanager" : known.kmsKeyId());
    put(facts, "managed-by", known.owningService());
    put(facts, "created", known.createdDate());
    put(facts, "changed", known.lastChangedDate());
    put(facts, "read", known.lastAccessedDate());
    put(facts, "rotation", rotation(known));
    put(facts, "tags", tags(known));
    labels(known).forEach((label, version) -> put(facts, label, version));
    return facts;
  }

  private static void put(Map<String, String> facts, String key, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      facts.put(key, value.toString());
    }
  }

  private static String rotation(DescribeSecretResponse known) {
    if (!Boolean.TRUE.equals(known.rotationEnabled())) {
      return "off";
    }
    Instant next = known.nextRotationDate();
    return "by AWS" + (next == null ? "" : ", next " + next);
  }

  /** The other regions that hold the secret, each with its state and the reason for it. */
  private static String replicas(DescribeSecretResponse known) {
    return known.replicationStatus().stream()
        .map(
            (ReplicationStatusType replica) ->
                replica.region()
                    + " "
                    + replica.statusAsString()
                    + (replica.status() == StatusType.FAILED && replica.statusMessage() != null
                        ? " (" + replica.statusMessage() + ")"
                        : ""))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String tags(DescribeSecretResponse known) {
    return known.tags().stream()
        .map((Tag tag) -> tag.key() + "=" + tag.value())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Every label, also those of others, with the version that has it. */
  private static Map<String, String> labels(DescribeSecretResponse known) {
    Map<String, String> labels = new TreeMap<>();
    known
        .versionIdsToStages()
        .forEach((id, own) -> own.forEach(label -> labels.put("label:" + label, id)));
    return labels;
  }

  /**
   * Lists one name. A caller without the right to list passes, and the result says so: the answer
   * proves that the credentials are valid, and a reader of a few secrets does not need that right.
   */
  static Map<String, String> check(Call call) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("region", call.config().region());
    facts.put("endpoint", call.config().endpoint().shown());
    option(facts, "fips", call.config().options().fips());
    option(facts, "dual-stack", call.config().options().dualStack());
    String list = mayList(call);
    facts.put("credentials", call.loginWords());
    facts.put("principal", principal(call));
    call.config().login().role().ifPresent(role -> facts.put("role", role.arn()));
    if (call.config().login().mayAskSts()) {
      List<String> problems = call.config().stsProblems();
      facts.put(
          "sts-endpoint",
          problems.isEmpty()
              ? call.config().stsEndpoint().shown()
              : "none: " + String.join("; ", problems));
    }
    facts.put("list", list);
    return facts;
  }

  /**
   * Returns the caller's identity according to AWS. STS answers this question for everybody, but
   * not every network leads to STS, and a store that is directed to its own server must not show
   * its keys to AWS.
   */
  private static String principal(Call call) {
    Settings config = call.config();
    if (!config.stsProblems().isEmpty()) {
      return "not asked: the address of STS cannot be used";
    }
    boolean elsewhere =
        config.endpoint().named().isPresent() && config.stsEndpoint().named().isEmpty();
    if (elsewhere && !config.login().asksSts()) {
      return "not asked: aws.endpoint is set and aws.sts-endpoint is not";
    }
    try {
      return call.principal();
    } catch (AwsServiceException e) {
      return "unknown: STS answers " + ErrorCodes.shown(e);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return "unknown: no answer from STS at " + config.stsEndpoint().address();
    }
  }

  private static void option(Map<String, String> facts, String key, Settings.Option option) {
    if (option.isOn()) {
      facts.put(key, "true (" + option.from() + ")");
    }
  }

  private static String mayList(Call call) {
    try {
      var unused =
          call.ask(
              sdk -> sdk.listSecrets(r -> r.maxResults(1).overrideConfiguration(call.inTime())));
      return "allowed";
    } catch (AwsServiceException e) {
      if (ErrorCodes.kind(e) == Kind.ACCESS_DENIED) {
        return "not allowed (secretsmanager:ListSecrets); reading may be";
      }
      throw e;
    }
  }
}
