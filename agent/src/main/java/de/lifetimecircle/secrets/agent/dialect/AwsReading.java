package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads secrets as AWS Secrets Manager would answer. Safe for use by several threads. */
record AwsReading(AuthorizedReads reads) {
  static final String CURRENT = "AWSCURRENT";

  private static final Map<String, Stage> STAGES =
      Map.of(CURRENT, Stage.CURRENT, "AWSPREVIOUS", Stage.PREVIOUS, "AWSPENDING", Stage.PENDING);

  /** Whether a reader is content with the cache. */
  enum Freshness {
    CACHED,
    NOW
  }

  /**
   * A version with its stages, as the answers have them.
   *
   * @param secret the version
   * @param stages its labels
   */
  record Labelled(Secret secret, List<String> stages) {
    /** Returns the members that every answer with a value has. */
    Map<String, Object> document() {
      Map<String, Object> document = identity(secret.name());
      document.put("VersionId", AwsVersionIds.toAws(secret.version()));
      document.put(
          JsonBody.isText(secret.value()) ? "SecretString" : "SecretBinary", secret.value());
      document.put("VersionStages", stages);
      document.put("CreatedDate", seconds(secret.created().orElse(secret.fetchedAt())));
      return document;
    }
  }

  /** Returns the members by which an answer names its secret. */
  static Map<String, Object> identity(String name) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ARN", AwsArns.of(name));
    document.put("Name", name);
    return document;
  }

  /** Returns a time as the JSON of AWS has it: seconds with their fraction. */
  static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  /** Returns the version that a client names by its id, its stage, both or neither. */
  Labelled get(
      Caller caller,
      String name,
      @Nullable String versionId,
      @Nullable String stage,
      Freshness freshness) {
    if (versionId != null) {
      return byId(caller, name, versionId, stage);
    }
    if (stage != null && !STAGES.containsKey(stage)) {
      reads.require(caller, name);
      // Not "not found": the backend was not asked, and a custom stage of AWS may well exist there.
      throw AgentFailure.badRequest(
          "the agent knows the stages AWSCURRENT, AWSPREVIOUS and AWSPENDING only");
    }
    if (stage != null && !stage.equals(CURRENT)) {
      Stage other = Objects.requireNonNull(STAGES.get(stage), stage);
      Secret found =
          freshness == Freshness.NOW
              ? reads.lookUp(caller, name, lookup -> byStage(lookup, name, other), each -> each)
              : reads.stage(caller, name, other);
      return new Labelled(found, List.of(stage));
    }
    Secret current =
        freshness == Freshness.NOW ? reads.fresh(caller, name) : reads.current(caller, name);
    return new Labelled(current, List.of(CURRENT));
  }

  private static Secret byStage(AuthorizedReads.Lookup lookup, String name, Stage stage) {
    return lookup.versions().stream()
        .filter(version -> version.stages().contains(stage))
        .findFirst()
        .map(version -> lookup.version(version.id()))
        .orElseThrow(() -> noVersion(name));
  }

  private Labelled byId(Caller caller, String name, String versionId, @Nullable String stage) {
    return reads.lookUp(
        caller, name, lookup -> byId(lookup, name, versionId, stage), Labelled::secret);
  }

  private static Labelled byId(
      AuthorizedReads.Lookup lookup, String name, String versionId, @Nullable String stage) {
    Secret current = lookup.current();
    boolean mayBeCurrent = stage == null || stage.equals(CURRENT);
    if (mayBeCurrent && AwsVersionIds.toAws(current.version()).equals(versionId)) {
      return new Labelled(current, List.of(CURRENT));
    }
    try {
      return byId(lookup, name, versionId, stage, lookup.versionsOrCurrent(Secret::fetchedAt));
    } catch (SecretException e) {
      if (e.kind() != Kind.VERSION_NOT_FOUND) {
        throw e;
      }
    } catch (AgentFailure e) {
      if (e.reason() != AgentFailure.Reason.WRONG_STAGE) {
        throw e;
      }
    }
    // The list may be a second old, and a version or a stage newer than it.
    return byId(lookup, name, versionId, stage, lookup.versionsNow(Secret::fetchedAt));
  }

  private static Labelled byId(
      AuthorizedReads.Lookup lookup,
      String name,
      String versionId,
      @Nullable String stage,
      List<SecretVersion> versions) {
    String id =
        AwsVersionIds.fromAws(versionId, versions.stream().map(SecretVersion::id).toList())
            .orElseThrow(() -> noVersion(name));
    List<String> stages =
        versions.stream()
            .filter(version -> version.id().equals(id))
            .findFirst()
            .map(AwsReading::labels)
            .orElse(List.of());
    Secret version = lookup.version(id);
    if (stage != null && !stages.contains(stage)) {
      throw AgentFailure.wrongStage();
    }
    return new Labelled(version, stages);
  }

  /** Returns the labels of a version. */
  static List<String> labels(SecretVersion version) {
    return version.stages().stream().map(stage -> "AWS" + stage).sorted().toList();
  }

  /** Returns the labels by version id, of those versions that have any. */
  static Map<String, List<String>> stages(List<SecretVersion> versions) {
    Map<String, List<String>> stages = new LinkedHashMap<>();
    for (SecretVersion version : versions) {
      if (!version.stages().isEmpty()) {
        stages.put(AwsVersionIds.toAws(version.id()), labels(version));
      }
    }
    return stages;
  }

  private static SecretException noVersion(String name) {
    return SecretException.of(Kind.VERSION_NOT_FOUND, "fetch a version of secret")
        .name(name)
        .reason("it has no such version")
        .build();
  }

  /** Gives an answer the id that SDKs look for; it says nothing about the request. */
  static HttpAnswer identified(HttpAnswer answer) {
    return answer.with("x-amzn-RequestId", UUID.randomUUID().toString());
  }

  /** The code and the text that AWS has for a failure. */
  record AwsError(int status, String code, String message) {
    static AwsError of(AgentFailure failure) {
      String text = String.valueOf(failure.getMessage());
      return switch (failure.reason()) {
        case NOT_FOUND ->
            new AwsError(
                400,
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.");
        case NO_VERSION ->
            new AwsError(
                400,
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for the version.");
        // The secret exists, so no program may take this for "not found".
        case WRONG_STAGE ->
            new AwsError(
                400,
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.");
        case DENIED -> new AwsError(400, "AccessDeniedException", text);
        case BAD_REQUEST -> new AwsError(400, "InvalidParameterException", text);
        case BAD_METHOD -> new AwsError(405, "InvalidRequestException", text);
        default -> ofBackend(failure.kind().orElse(Kind.UNAVAILABLE), text);
      };
    }

    private static AwsError ofBackend(Kind kind, String text) {
      return switch (kind) {
        case PENDING_DELETION ->
            new AwsError(
                400,
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for"
                    + " deletion.");
        // AWS itself throttles with 400; every SDK knows it by this code.
        case THROTTLED -> new AwsError(503, "ThrottlingException", text);
        default -> new AwsError(503, "ServiceUnavailableException", text);
      };
    }

    HttpAnswer answer() {
      return identified(
          HttpAnswer.json(status, Map.of("__type", code, "message", message))
              .with("x-amzn-ErrorType", code));
    }
  }
}
