package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the log of an audit device of OpenBao or Vault, which has a line for each request and one
 * for its response. Only response records are used, because each repeats its request; a request
 * without a response is reported as {@code unanswered}. Hashed fields (tokens, accessors, values)
 * are ignored. Used by one thread.
 */
final class OpenBaoLogReader implements LogReader {
  /** No server has more requests under way at once. */
  private static final int MOST_OPEN = 10_000;

  private final Map<String, AuditEvent> open = new LinkedHashMap<>();

  @Override
  public boolean recognises(Map<?, ?> record) {
    return record.get("request") instanceof Map<?, ?>
        && ("request".equals(record.get("type")) || "response".equals(record.get("type")));
  }

  @Override
  public void read(Map<?, ?> record, Consumer<AuditEvent> sink) {
    Instant at = JsonFact.time(record, "time");
    // A mount point begins with its namespace, a path does not.
    String path =
        JsonFact.text(record, "request", "namespace", "path")
            + JsonFact.text(record, "request", "path");
    String mount = JsonFact.text(record, "request", "mount_point");
    if (!JsonFact.text(record, "request", "mount_type").equals("kv") || !path.startsWith(mount)) {
      return;
    }
    boolean answer = "response".equals(record.get("type"));
    AuditEvent event = event(record, at, path.substring(mount.length()), answer);
    String id = JsonFact.text(record, "request", "id");
    if (answer) {
      open.remove(id);
      sink.accept(event);
    } else {
      open.put(id, event);
      if (open.size() > MOST_OPEN) {
        sink.accept(open.remove(open.keySet().iterator().next()));
      }
    }
  }

  @Override
  public void end(Consumer<AuditEvent> sink) {
    open.values().forEach(sink);
    open.clear();
  }

  private static AuditEvent event(Map<?, ?> record, Instant at, String path, boolean answer) {
    String operation = JsonFact.text(record, "request", "operation");
    int slash = path.indexOf('/');
    // Version 2 of the engine has a word before the name, version 1 has none.
    String word = slash < 0 ? "" : path.substring(0, slash);
    String asked = operation(word, operation);
    boolean second = !asked.isEmpty();
    return new AuditEvent(
        at,
        principal(record),
        second ? asked : operation(operation),
        second ? path.substring(slash + 1) : path,
        version(record),
        JsonFact.text(record, "request", "remote_address"),
        outcome(record, answer));
  }

  private static String operation(String word, String operation) {
    boolean writes =
        operation.equals("create") || operation.equals("update") || operation.equals("patch");
    return switch (word) {
      case "data" -> writes ? "put" : operation;
      case "metadata", "detailed-metadata" ->
          switch (operation) {
            case "read" -> "versions";
            case "delete" -> "purge";
            default -> writes ? "set-metadata" : operation(operation);
          };
      case "delete", "destroy" -> writes ? "delete" : "";
      case "undelete" -> writes ? "restore" : "";
      case "subkeys" -> operation.equals("read") ? "describe" : "";
      default -> "";
    };
  }

  private static String operation(String operation) {
    return switch (operation) {
      case "create", "update" -> "put";
      case "scan" -> "list"; // with the folders below
      default -> operation;
    };
  }

  /** Returns the login method, with the role or user if the login has one. */
  private static String principal(Map<?, ?> record) {
    String display = JsonFact.text(record, "auth", "display_name");
    String role =
        JsonFact.first(
            JsonFact.text(record, "auth", "metadata", "role_name"),
            JsonFact.text(record, "auth", "metadata", "role"));
    return role.isEmpty() || role.startsWith("hmac-") ? display : display + "/" + role;
  }

  /** Numbers are not hashed. */
  private static String version(Map<?, ?> record) {
    String version =
        JsonFact.first(
            JsonFact.text(record, "response", "data", "metadata", "version"),
            JsonFact.text(record, "response", "data", "version"));
    return version.startsWith("hmac-") ? "" : version;
  }

  private static String outcome(Map<?, ?> record, boolean answer) {
    String error = JsonFact.text(record, "error");
    if (error.contains("permission denied")) {
      return "access-denied";
    }
    return !error.isEmpty() ? "failed" : answer ? "ok" : "unanswered";
  }
}
