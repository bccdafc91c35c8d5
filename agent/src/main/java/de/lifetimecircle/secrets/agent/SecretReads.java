package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What dialects may do: every read passes the rules and is written down. Safe for use by several
 * threads; blocks as the provider does.
 */
final class SecretReads {
  /** The age that a reader accepts who insists on a new answer; so these readers share loads. */
  static final Duration FRESH = Duration.ofSeconds(1);

  private final SecretProvider provider;
  private final Supplier<AccessRules> rules;
  private final ReadLog log;

  SecretReads(SecretProvider provider, Supplier<AccessRules> rules, ReadLog log) {
    this.provider = provider;
    this.rules = rules;
    this.log = log;
  }

  /** Returns the current version, from the cache while it has one. */
  Secret current(Caller caller, String name) {
    return read(caller, name, () -> provider.get(name));
  }

  /** Returns the current version as the backend had it at most a second ago. */
  Secret fresh(Caller caller, String name) {
    return read(caller, name, () -> provider.get(name, FRESH));
  }

  /** Returns the version with that id of the backend's. */
  Secret version(Caller caller, String name, String id) {
    return read(caller, name, () -> provider.get(name, VersionSelector.id(id)));
  }

  /** Returns the version of that stage, from the cache while it has one. */
  Secret stage(Caller caller, String name, Stage stage) {
    return read(caller, name, () -> provider.get(name, VersionSelector.stage(stage)));
  }

  /** Returns the versions, newest first; asks the backend at each call. */
  List<SecretVersion> versions(Caller caller, String name) {
    String principal = require(caller, name, "versions");
    try {
      List<SecretVersion> versions = provider.versions(name);
      log.write("versions", caller, principal, name, Optional.empty(), "ok");
      return versions;
    } catch (SecretException e) {
      log.write("versions", caller, principal, name, Optional.empty(), word(e));
      throw e;
    }
  }

  /**
   * Returns the names with that prefix that the caller may read; asks the backend at each call.
   *
   * @throws AgentFailure {@code DENIED} if the caller may read no name with that prefix: an empty
   *     list would say that there are no secrets, and others delete what depends on them
   */
  List<String> names(Caller caller, String prefix) {
    AccessRules.Access access = access(caller, prefix, "list");
    if (!access.patterns().reach(prefix)) {
      log.write("list", caller, access.principal(), prefix, Optional.empty(), "access-denied");
      throw AgentFailure.denied(
          access.principal() + " may read no name with this prefix",
          "Add some to the rules of the agent");
    }
    List<String> names =
        provider.list(prefix).stream().filter(access.patterns()::contains).toList();
    log.write("list", caller, access.principal(), prefix, Optional.empty(), "ok");
    return names;
  }

  /**
   * Checks that the caller may read some name, before a dialect reads a long request of his.
   *
   * @throws AgentFailure {@code DENIED}
   */
  void requireSome(Caller caller) {
    AccessRules.Access unused = requireSome(caller, "", "read");
  }

  private AccessRules.Access requireSome(Caller caller, String name, String operation) {
    AccessRules.Access access = access(caller, name, operation);
    if (access.patterns().isEmpty()) {
      log.write(operation, caller, access.principal(), name, Optional.empty(), "access-denied");
      throw AgentFailure.denied(
          access.principal() + " may read no name", "Add some to the rules of the agent");
    }
    return access;
  }

  /**
   * Returns the user or the token as the rules know it.
   *
   * @throws AgentFailure {@code DENIED} if they do not
   */
  String principal(Caller caller) {
    return access(caller, "", "lookup").principal();
  }

  /**
   * Checks that the caller may read the name.
   *
   * @throws AgentFailure {@code DENIED}
   */
  void require(Caller caller, String name) {
    String unused = require(caller, name, "read");
  }

  private Secret read(Caller caller, String name, Supplier<Secret> load) {
    String principal = require(caller, name, "read");
    try {
      Secret secret = load.get();
      log.write("read", caller, principal, name, Optional.of(secret.version()), "ok");
      return secret;
    } catch (SecretException e) {
      log.write("read", caller, principal, name, Optional.empty(), word(e));
      throw e;
    }
  }

  /** Returns the principal if it may read the name. */
  private String require(Caller caller, String name, String operation) {
    AccessRules.Access access = access(caller, name, operation);
    if (!access.patterns().contains(name)) {
      log.write(operation, caller, access.principal(), name, Optional.empty(), "access-denied");
      throw AgentFailure.denied(
          access.principal() + " may not read this name", "Add it to the rules of the agent");
    }
    return access.principal();
  }

  private AccessRules.Access access(Caller caller, String name, String operation) {
    try {
      return rules.get().of(caller);
    } catch (AgentFailure e) {
      log.write(operation, caller, "unknown", name, Optional.empty(), "access-denied");
      throw e;
    }
  }

  private static String word(SecretException e) {
    return e.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
