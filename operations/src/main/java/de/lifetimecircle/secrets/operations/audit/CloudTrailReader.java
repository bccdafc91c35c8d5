package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.spi.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads records of AWS CloudTrail: as delivered to S3, as {@code aws cloudtrail lookup-events}
 * prints them, or wrapped by EventBridge. A batch read is reported only if it was refused, because
 * CloudTrail has a separate record for each secret that a batch returns. Stateless.
 */
final class CloudTrailReader implements LogReader {
  private static final String SOURCE = "secretsmanager.amazonaws.com";
  private static final String OF_A_SECRET = ":secret:";

  /** The suffix that Secrets Manager appends to the name in an ARN. */
  private static final Pattern SUFFIX = Pattern.compile("-[A-Za-z0-9]{6}$");

  /** A refused request has no parameters in its record; the message names the secret. */
  private static final Pattern REFUSED =
      Pattern.compile("secretsmanager:\\w+ on resource: ([^\\s*]+)");

  private static final Map<String, String> OPERATIONS =
      Map.ofEntries(
          Map.entry("GetSecretValue", "read"),
          Map.entry("CreateSecret", "put"),
          Map.entry("PutSecretValue", "put"),
          Map.entry("UpdateSecret", "put"),
          Map.entry("UpdateSecretVersionStage", "promote"),
          Map.entry("DeleteSecret", "delete"),
          Map.entry("RestoreSecret", "restore"),
          Map.entry("DescribeSecret", "describe"),
          Map.entry("ListSecretVersionIds", "versions"),
          Map.entry("RotateSecret", "rotate"),
          Map.entry("CancelRotateSecret", "rotate"),
          Map.entry("ReplicateSecretToRegions", "replicate"),
          Map.entry("TagResource", "tag"),
          Map.entry("UntagResource", "tag"),
          Map.entry("PutResourcePolicy", "policy"),
          Map.entry("DeleteResourcePolicy", "policy"));

  @Override
  public boolean recognises(Map<?, ?> record) {
    boolean delivered = record.containsKey("eventSource") && record.containsKey("eventName");
    boolean wrapped = JsonFact.at(record, "detail", "eventSource") != null;
    return delivered || wrapped || record.containsKey("CloudTrailEvent");
  }

  @Override
  public void read(Map<?, ?> record, Consumer<AuditEvent> sink) {
    if (record.get("CloudTrailEvent") instanceof String inner) {
      if (Json.parse(inner) instanceof Map<?, ?> event) {
        tell(event, sink);
      }
    } else if (record.get("detail") instanceof Map<?, ?> detail) {
      tell(detail, sink);
    } else {
      tell(record, sink);
    }
  }

  private static void tell(Map<?, ?> record, Consumer<AuditEvent> sink) {
    String error = JsonFact.text(record, "errorCode");
    String asked = JsonFact.text(record, "eventName");
    String operation =
        asked.equals("BatchGetSecretValue") && !error.isEmpty() ? "read" : OPERATIONS.get(asked);
    if (operation == null || !JsonFact.text(record, "eventSource").equals(SOURCE)) {
      return;
    }
    sink.accept(
        new AuditEvent(
            JsonFact.time(record, "eventTime"),
            principal(record),
            operation,
            name(record),
            JsonFact.first(
                JsonFact.text(record, "requestParameters", "versionId"),
                JsonFact.text(record, "requestParameters", "moveToVersionId"),
                JsonFact.text(record, "responseElements", "versionId")),
            JsonFact.text(record, "sourceIPAddress"),
            outcome(error)));
  }

  /** Returns a role's name, but for a person with single sign-on the name of the session. */
  private static String principal(Map<?, ?> record) {
    String arn = JsonFact.text(record, "userIdentity", "arn");
    return arn.contains(":assumed-role/AWSReservedSSO_")
        ? arn
        : JsonFact.first(
            JsonFact.text(record, "userIdentity", "sessionContext", "sessionIssuer", "arn"),
            arn,
            JsonFact.text(record, "userIdentity", "invokedBy"),
            JsonFact.text(record, "userIdentity", "principalId"),
            JsonFact.text(record, "userIdentity", "type"));
  }

  /** Returns the name of the secret; empty if the record does not say. */
  private static String name(Map<?, ?> record) {
    String id =
        JsonFact.first(
            JsonFact.text(record, "requestParameters", "secretId"),
            JsonFact.text(record, "requestParameters", "name"),
            JsonFact.text(record, "responseElements", "arn"),
            JsonFact.text(record, "additionalEventData", "SecretId"));
    if (id.isEmpty() && record.get("resources") instanceof List<?> resources) {
      id = resources.isEmpty() ? "" : JsonFact.text(resources.get(0), "ARN");
    }
    if (id.isEmpty()) {
      Matcher refused = REFUSED.matcher(JsonFact.text(record, "errorMessage"));
      id = refused.find() ? refused.group(1) : "";
    }
    int secret = id.indexOf(OF_A_SECRET);
    return secret < 0
        ? id
        : SUFFIX.matcher(id.substring(secret + OF_A_SECRET.length())).replaceFirst("");
  }

  private static String outcome(String error) {
    return switch (error) {
      case "" -> "ok";
      case "AccessDenied", "AccessDeniedException" -> "access-denied";
      case "ResourceNotFoundException" -> "not-found";
      default -> "failed";
    };
  }
}
