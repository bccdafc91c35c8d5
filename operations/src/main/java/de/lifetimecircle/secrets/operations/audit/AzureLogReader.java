package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.spi.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit events of Azure Key Vault: as a diagnostic setting writes them to a storage
 * account or an event hub, and as rows of the tables {@code AZKVAuditLogs} and {@code
 * AzureDiagnostics}, also where each column was printed as text. Stateless.
 */
final class AzureLogReader implements LogReader {
  private static final Pattern ID =
      Pattern.compile(
          "https://[^/]+/(?:deleted)?secrets/(?!restore\\?)([^/?]+)(?:/(\\p{XDigit}+)\\b)?.*");

  /** The login name of a person, else the application's id, else the object's id. */
  private static final List<String> CLAIMS =
      List.of(
          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
          "upn",
          "appid",
          "azp",
          "http://schemas.microsoft.com/identity/claims/objectidentifier",
          "oid");

  /** {@code az monitor log-analytics query} prints this for an empty column. */
  private static final String NOTHING = "None";

  /** Requests without a secret's name. */
  private static final Set<String> OF_THE_VAULT = Set.of("SecretList", "SecretRestore");

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
    String word = text(record, "OperationName", "operationName");
    String operation = OPERATIONS.get(word);
    if (operation == null) {
      return;
    }
    Matcher id = id(record);
    boolean named = id.matches();
    if (!named && !OF_THE_VAULT.contains(word)) {
      throw new IllegalArgumentException("no id of a secret");
    }
    sink.accept(
        new AuditEvent(
            JsonFact.time(text(record, "TimeGenerated", "time")),
            principal(record),
            operation,
            named ? KeyVaultNames.decoded(id.group(1)) : "",
            named && id.group(2) != null ? id.group(2) : "",
            text(record, "CallerIpAddress", "CallerIPAddress", "callerIpAddress"),
            outcome(record)));
  }

  /** Returns the first of these columns or members that is not empty. */
  private static String text(Map<?, ?> record, String... columns) {
    for (String column : columns) {
      String found = JsonFact.text(record, column.split("\\."));
      if (!found.isEmpty() && !found.equals(NOTHING)) {
        return found;
      }
    }
    return "";
  }

  /**
   * Returns the secret's name from its id or, because an id may be that of the vault, from the
   * requested address.
   */
  private static Matcher id(Map<?, ?> record) {
    Matcher id = ID.matcher(text(record, "Id", "id_s", "properties.id"));
    return id.matches()
        ? id
        : ID.matcher(text(record, "RequestUri", "requestUri_s", "properties.requestUri"));
  }

  private static String principal(Map<?, ?> record) {
    Object claims = claims(record);
    return CLAIMS.stream()
        .map(claim -> claims == null ? column(record, claim) : JsonFact.text(claims, claim))
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The claims are an object, or its text. */
  private static @Nullable Object claims(Map<?, ?> record) {
    String text = text(record, "Identity");
    Object identity = text.isEmpty() ? record.get("Identity") : Json.parse(text);
    return JsonFact.at(identity == null ? record.get("identity") : identity, "claim");
  }

  /** Returns a claim that has its own column, whose name ends in the column's type. */
  private static String column(Map<?, ?> record, String claim) {
    String column = "identity_claim_" + claim.replaceAll("[^A-Za-z0-9]+", "_");
    return text(record, column + "_s", column + "_g");
  }

  private static String outcome(Map<?, ?> record) {
    String status =
        text(record, "HttpStatusCode", "httpStatusCode_d", "properties.httpStatusCode")
            .replaceFirst("\\.0+$", "");
    return switch (status) {
      case "401", "403" -> "access-denied";
      case "404" -> "not-found";
      default -> status.isEmpty() || status.startsWith("2") ? "ok" : "failed";
    };
  }
}
