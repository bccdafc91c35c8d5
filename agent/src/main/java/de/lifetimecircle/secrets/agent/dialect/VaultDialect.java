package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The KV engine of version 2 of HashiCorp Vault and OpenBao, for reading: hvac, the command lines,
 * Go's client, Spring Cloud Vault, External Secrets. It needs a port of its own, since its paths
 * are those of other dialects too. Every mount is the same store: the agent has only one.
 */
public record VaultDialect(AuthorizedReads reads, InstantSource clock) implements Dialect {
  private static final String VERSION = "1.18.0";
  private static final Pattern KV =
      Pattern.compile("/v1/([A-Za-z0-9._-]+)/(data|metadata)(?:/(.*))?");
  private static final Pattern MOUNT =
      Pattern.compile("/v1/sys/internal/ui/mounts(?:/([A-Za-z0-9._-]+)(?:/.*)?)?");
  private static final Set<String> RENEW = Set.of("PUT", "POST");
  private static final Set<String> NO_WRAPPING = Set.of("", "0", "0s");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  @Override
  public boolean takes(HttpRequest request) {
    return request.path().startsWith("/v1/");
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    boolean isList =
        request.method().equals("LIST")
            || (request.isGet() && request.parameter("list").filter("true"::equals).isPresent());
    if (request.path().equals("/v1/auth/token/renew-self") && RENEW.contains(request.method())) {
      reads.requireOwnHeader(caller, "", request, "X-Vault-Request", "");
      String unused = reads.principal(caller);
      return errors(400, List.of("lease is not renewable")); // the words by which a renewer ends
    }
    Optional<Map<String, Object>> state =
        request.isGet() || request.isHead() ? state(request.path()) : Optional.empty();
    if (state.isPresent() && !isList) {
      return HttpAnswer.json(200, state.get());
    }
    if (!isList && !request.isGet()) {
      throw AgentFailure.badMethod("GET and LIST; the agent only reads, and has no logins");
    }
    Matcher kv = KV.matcher(request.path());
    String name = kv.matches() ? Optional.ofNullable(kv.group(3)).orElse("") : "";
    reads.requireOwnHeader(caller, name, request, "X-Vault-Request", "");
    if (!NO_WRAPPING.contains(request.header("x-vault-wrap-ttl").orElse(""))) {
      // The client passes the answer on, and expects a token in it that works once.
      throw AgentFailure.badRequest("the agent wraps no answers; leave X-Vault-Wrap-TTL out");
    }
    if (!isList && request.path().equals("/v1/auth/token/lookup-self")) {
      return VaultBody.document(200, token(reads.principal(caller)));
    }
    Matcher mount = MOUNT.matcher(request.path());
    if (!isList && mount.matches()) {
      String principal = reads.principal(caller);
      return mounts(Optional.ofNullable(mount.group(1)), principal);
    }
    if (!kv.matches() || kv.group(1).equals("sys") || kv.group(1).equals("auth")) {
      throw AgentFailure.badRequest(
          "the agent has MOUNT/data/NAME and MOUNT/metadata/NAME of KV version 2 only");
    }
    return isList ? list(kv, name, caller) : read(kv, name, request, caller);
  }

  private HttpAnswer list(Matcher kv, String folder, Caller caller) {
    if (!kv.group(2).equals("metadata")) {
      throw AgentFailure.badMethod("GET; LIST goes with MOUNT/metadata");
    }
    List<String> keys = new VaultReading(reads).entries(caller, folder);
    return keys.isEmpty() ? nothing() : VaultBody.document(200, Map.of("keys", keys));
  }

  private HttpAnswer read(Matcher kv, String name, HttpRequest request, Caller caller) {
    if (name.isEmpty() || name.endsWith("/")) {
      throw AgentFailure.badRequest("the name of the secret is missing");
    }
    boolean isData = kv.group(2).equals("data");
    VaultReading reading = new VaultReading(reads);
    try {
      if (!isData) {
        return VaultBody.document(200, reading.metadata(caller, name));
      }
      long number = number(request.parameter("version").orElse(""));
      return VaultBody.secret(
          number == 0 ? reading.current(caller, name) : reading.version(caller, name, number),
          caller);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.PENDING_DELETION) {
        throw e;
      }
      return deleted(isData);
    }
  }

  /** Vault takes 0 for the current version. */
  private static long number(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw AgentFailure.badRequest("version is not a number of at most nine digits");
    }
    return Long.parseLong(text);
  }

  /** Vault's answer for a secret that is deleted and can be restored; not the one of a missing. */
  private HttpAnswer deleted(boolean isData) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (!isData) {
      return VaultBody.document(200, VaultReading.deletedMetadata(now));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("data", null);
    data.put("metadata", VaultReading.facts(Instant.EPOCH, now.toString(), 1));
    return VaultBody.document(404, data);
  }

  /** Returns what everybody may ask, because it shows no name; empty for any other path. */
  private Optional<Map<String, Object>> state(String path) {
    return switch (path) {
      case "/v1/sys/health" -> Optional.of(health());
      case "/v1/sys/seal-status" -> Optional.of(sealStatus());
      case "/v1/sys/init" -> Optional.of(Map.of("initialized", true));
      case "/v1/sys/leader" -> Optional.of(Map.of("ha_enabled", false, "is_self", false));
      default -> Optional.empty();
    };
  }

  private Map<String, Object> health() {
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("initialized", true);
    health.put("sealed", false);
    health.put("standby", false);
    health.put("performance_standby", false);
    health.put("replication_performance_mode", "disabled");
    health.put("replication_dr_mode", "disabled");
    health.put("server_time_utc", clock.instant().getEpochSecond());
    health.put("version", VERSION);
    health.put("cluster_name", "secrets-agent");
    return health;
  }

  private static Map<String, Object> sealStatus() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("type", "shamir");
    status.put("initialized", true);
    status.put("sealed", false);
    status.put("t", 1);
    status.put("n", 1);
    status.put("progress", 0);
    status.put("nonce", "");
    status.put("version", VERSION);
    status.put("build_date", "");
    status.put("migration", false);
    status.put("cluster_name", "secrets-agent");
    status.put("cluster_id", "");
    status.put("recovery_seal", false);
    status.put("storage_type", "secrets-agent");
    return status;
  }

  /** Says whose the token is, but not the token. */
  private static Map<String, Object> token(String principal) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("accessor", "");
    facts.put("creation_time", 0);
    facts.put("creation_ttl", 0);
    facts.put("display_name", principal);
    facts.put("entity_id", "");
    facts.put("expire_time", null);
    facts.put("explicit_max_ttl", 0);
    facts.put("id", "");
    facts.put("meta", null);
    facts.put("num_uses", 0);
    facts.put("orphan", true);
    facts.put("path", "agent");
    facts.put("policies", List.of("secrets-agent"));
    facts.put("renewable", false);
    facts.put("ttl", 0);
    facts.put("type", "service");
    return facts;
  }

  private static HttpAnswer mounts(Optional<String> mount, String principal) {
    if (mount.isEmpty()) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("auth", Map.of());
      all.put("secret", Map.of("secret/", mount("secret", principal)));
      return VaultBody.document(200, all);
    }
    return VaultBody.document(200, mount(mount.get(), principal));
  }

  private static Map<String, Object> mount(String name, String principal) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("accessor", "");
    facts.put("config", Map.of("default_lease_ttl", 0, "force_no_cache", false));
    facts.put("description", "the agent's store, as " + principal + " may read it");
    facts.put("local", true);
    facts.put("options", Map.of("version", "2"));
    facts.put("path", name + "/");
    facts.put("seal_wrap", false);
    facts.put("type", "kv");
    facts.put("uuid", "");
    return facts;
  }

  private static HttpAnswer nothing() {
    return HttpAnswer.json(404, Map.of("errors", List.of()));
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    String text = String.valueOf(failure.getMessage());
    if (failure.kind().equals(Optional.of(SecretException.Kind.BAD_NAME))) {
      return nothing(); // Vault knows no bad names: there is no secret of that name
    }
    return switch (failure.reason()) {
      // The backend has answered that there is no such version; Vault has no other word for it.
      case NOT_FOUND, NO_VERSION -> nothing();
      case DENIED -> errors(403, List.of("permission denied", text));
      default -> errors(failure.status(), List.of(text));
    };
  }

  private static HttpAnswer errors(int status, List<String> texts) {
    return HttpAnswer.json(status, Map.of("errors", texts));
  }
}
