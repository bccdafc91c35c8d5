package de.lifetimecircle.secrets.operations.audit;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The audit events of Azure Key Vault: as a diagnostic setting writes them to a storage account or
 * an event hub, and as rows of the table {@code AZKVAuditLogs}. Stateless.
 */
final class AzureForm implements LogForm {
  private static final Pattern ID =
      Pattern.compile("https://[^/]+/(?:deleted)?secrets/([^/?]+)(?:/([^/?]+))?.*");
  private static final String CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
  private static final String OBJECT_ID =
      "http://schemas.microsoft.com/identity/claims/objectidentifier";

  private static final Map<String, String> OPERATIONS =
      Map.ofEntries(
          Map.entry("SecretGet", "read"),
          Map.entry("SecretSet", "put"),
          Map.entry("SecretUpdate", "promote"),
          Map.entry("SecretDelete", "delete"),
          Map.entry("SecretPurge", "purge"),
          Map.entry("SecretRecover", "restore"),
          Map.entry("SecretBackup", "backup"),
          Map.entry("SecretRestore", "restore"),
          Map.entry("SecretList", "list"),
          Map.entry("SecretListVersions", "versions"),
          Map.entry("SecretGetDeleted", "describe"));

  @Override
  public boolean recognises(Map<?, ?> record) {
    boolean ofKeyVault =
        "AuditEvent".equals(record.get("category")) || record.containsKey("callerIpAddress");
    boolean row = record.containsKey("OperationName") && record.containsKey("TimeGenerated");
    return row || (ofKeyVault && record.containsKey("operationName"));
  }

  @Override
  public void read(Map<?, ?> record, Consumer<AuditEvent> sink) {
    boolean row = record.containsKey("OperationName");
    String word = Fact.text(record, row ? "OperationName" : "operationName");
    String operation = OPERATIONS.get(word);
    if (operation == null) {
      return;
    }
    Matcher id = ID.matcher(row ? Fact.text(record, "Id") : Fact.text(record, "properties", "id"));
    boolean named = id.matches();
    sink.accept(
        new AuditEvent(
            Fact.time(record, row ? "TimeGenerated" : "time"),
            principal(Fact.at(record, row ? "Identity" : "identity", "claim")),
            operation,
            named ? VaultNames.decoded(id.group(1)) : "",
            named && id.group(2) != null ? id.group(2) : "",
            Fact.text(record, row ? "CallerIpAddress" : "callerIpAddress"),
            outcome(record, row)));
  }

  /** A person's name for logging in, else the application's id, else the object's. */
  private static String principal(@Nullable Object claim) {
    if (claim == null) {
      return "";
    }
    return Fact.first(
        Fact.text(claim, CLAIMS + "upn"),
        Fact.text(claim, "upn"),
        Fact.text(claim, "appid"),
        Fact.text(claim, "azp"),
        Fact.text(claim, OBJECT_ID),
        Fact.text(claim, "oid"));
  }

  private static String outcome(Map<?, ?> record, boolean row) {
    String status =
        row
            ? Fact.text(record, "HttpStatusCode")
            : Fact.text(record, "properties", "httpStatusCode");
    return switch (status) {
      case "401", "403" -> "access-denied";
      case "404" -> "not-found";
      default -> status.isEmpty() || status.startsWith("2") ? "ok" : "failed";
    };
  }
}
