package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What dialects may do: every read passes the rules and is written down. Safe for use by several
 * threads; blocks as the provider does.
 */
public final class AuthorizedReads {
  /** The age that a reader accepts who insists on a new answer; so these readers share loads. */
  public static final Duration FRESH = Duration.ofSeconds(1);

  private final SecretProvider provider;
  private final Supplier<AccessRules> rules;
  private final ThrottledDenialLog log;
  private final SharedLoads<List<SecretVersion>> versions;
  private final SharedLoads<List<String>> names;

  /**
   * Reads from a provider.
   *
   * @param held how long callers share a list of names or of versions
   */
  public AuthorizedReads(
      SecretProvider provider, Supplier<AccessRules> rules, ThrottledDenialLog log, Duration held) {
    this.versions = new SharedLoads<>(held, System::nanoTime, List::size);
    this.names = new SharedLoads<>(held, System::nanoTime, List::size);
    this.provider = provider;
    this.rules = rules;
    this.log = log;
  }

  /** Returns the current version, from the cache while it has one. */
  public Secret current(Caller caller, String name) {
    return read(caller, name, () -> provider.get(name));
  }

  /** Returns the current version as the backend had it at most a second ago. */
  public Secret fresh(Caller caller, String name) {
    return read(caller, name, () -> provider.get(name, FRESH));
  }

  /** Returns the version of that stage, from the cache while it has one. */
  public Secret stage(Caller caller, String name, Stage stage) {
    return read(caller, name, () -> provider.get(name, VersionSelector.stage(stage)));
  }

  /**
   * Returns the versions, newest first, as the backend had them at most a second ago: callers share
   * the answer. One who misses a version in it asks {@link Lookup#versionsNow}.
   */
  List<SecretVersion> versions(Caller caller, String name) {
    String principal = require(caller, name, "versions");
    Lookup lookup = new Lookup(principal, name);
    return logged(
        "versions", caller, principal, name, lookup::versions, unused -> Optional.empty());
  }

  /**
   * Returns what {@link #versions} returns; the current version only where the backend keeps none.
   *
   * @param missing the time of a version of which the backend has none
   */
  public List<SecretVersion> versionsOrCurrent(
      Caller caller, String name, Function<Secret, Instant> missing) {
    return orCurrent(() -> versions(caller, name), () -> current(caller, name), missing);
  }

  private static List<SecretVersion> orCurrent(
      Supplier<List<SecretVersion>> ask,
      Supplier<Secret> askCurrent,
      Function<Secret, Instant> missing) {
    try {
      return ask.get();
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      Secret current = askCurrent.get();
      Instant created = current.created().orElseGet(() -> missing.apply(current));
      return List.of(new SecretVersion(current.version(), created, Set.of(Stage.CURRENT)));
    }
  }

  /** Forgets lists that are too old; called about once a second. */
  public void dropOld() {
    versions.dropOld();
    names.dropOld();
  }

  /** Writes down what a request got: the version in its answer, or why it got none. */
  private <T> T logged(
      String operation,
      Caller caller,
      String principal,
      String name,
      Supplier<T> load,
      Function<? super T, Optional<String>> version) {
    try {
      T found = load.get();
      log.write(new ReadEvent(operation, caller, principal, name, version.apply(found), "ok"));
      return found;
    } catch (SecretException | AgentFailure e) {
      Enum<?> why = e instanceof AgentFailure own ? own.reason() : ((SecretException) e).kind();
      log.write(new ReadEvent(operation, caller, principal, name, Optional.empty(), word(why)));
      throw e;
    }
  }

  /**
   * Returns the names with that prefix that the caller may read, as the backend had them at most a
   * second ago.
   *
   * @throws AgentFailure {@code DENIED} if the caller may read no name with that prefix: an empty
   *     list would say that there are no secrets, and others delete what depends on them
   */
  public List<String> names(Caller caller, String prefix) {
    AccessRules.Access access = access(caller, prefix, "list");
    String principal = access.principal();
    if (!access.patterns().reach(prefix)) {
      log.denied("list", caller, principal, prefix);
      throw AgentFailure.denied(
          principal + " may read no name with this prefix", "Add some to the rules of the agent");
    }
    Supplier<List<String>> load =
        () -> names.get(principal, prefix, () -> List.copyOf(provider.list(prefix)));
    return logged("list", caller, principal, prefix, load, unused -> Optional.empty()).stream()
        .filter(access.patterns()::contains)
        .toList();
  }

  /**
   * Checks that the caller may read some name, before a dialect reads a long request of his.
   *
   * @throws AgentFailure {@code DENIED}
   */
  public void requireSome(Caller caller) {
    AccessRules.Access access = access(caller, "", "read");
    if (access.patterns().isEmpty()) {
      log.denied("read", caller, access.principal(), "");
      throw AgentFailure.denied(
          access.principal() + " may read no name", "Add some to the rules of the agent");
    }
  }

  /**
   * Returns the user or the token as the rules know it.
   *
   * @throws AgentFailure {@code DENIED} if they do not
   */
  public String principal(Caller caller) {
    return access(caller, "", "lookup").principal();
  }

  /**
   * Checks that the caller may read the name.
   *
   * @throws AgentFailure {@code DENIED}
   */
  public void require(Caller caller, String name) {
    String unused = require(caller, name, "read");
  }

  /**
   * Checks that a caller over TCP without a token sends a header of its own. A service that an
   * attacker makes fetch a URL sends the attacker's path, but not his headers.
   *
   * @param instead another way to ask, for the advice
   * @throws AgentFailure {@code DENIED}
   */
  public void requireOwnHeader(
      Caller caller, String name, HttpRequest request, String header, String instead) {
    if (!caller.socket().isUnix()
        && caller.token().isEmpty()
        && request.header(header.toLowerCase(Locale.ROOT)).isEmpty()) {
      throw denied(
          caller,
          name,
          "the request has neither a token nor the header " + header,
          "Send '" + header + ": true'" + instead);
    }
  }

  /**
   * Writes down that a request was denied before it reached the rules, and returns the failure.
   *
   * @param why the reason, which does not depend on the secret
   */
  public AgentFailure denied(Caller caller, String name, String why, String advice) {
    log.denied("read", caller, caller.user().orElse(PeerSocket.UNKNOWN), name);
    return AgentFailure.denied(why, advice);
  }

  private Secret read(Caller caller, String name, Supplier<Secret> load) {
    return lookUp(caller, name, unused -> load.get(), secret -> secret);
  }

  /** The reads of one request that looks for its version: its rights are checked already. */
  public final class Lookup {
    private final String principal;
    private final String name;

    private Lookup(String principal, String name) {
      this.principal = principal;
      this.name = name;
    }

    public Secret current() {
      return provider.get(name);
    }

    public Secret version(String id) {
      return provider.get(name, VersionSelector.id(id));
    }

    /** Does what {@link AuthorizedReads#versions} does, within this request. */
    public List<SecretVersion> versions() {
      return versions.get(principal, name, () -> provider.versions(name));
    }

    /** Does what {@link AuthorizedReads#versionsOrCurrent} does, within this request. */
    public List<SecretVersion> versionsOrCurrent(Function<Secret, Instant> missing) {
      return orCurrent(this::versions, this::current, missing);
    }

    /** Does the same with an answer that no other caller had before. */
    public List<SecretVersion> versionsNow(Function<Secret, Instant> missing) {
      return orCurrent(
          () -> versions.fresh(principal, name, () -> provider.versions(name)),
          this::current,
          missing);
    }
  }

  /**
   * Searches for a version and returns it. The log gets one line, with the version in the answer:
   * those that were only compared went to no caller.
   *
   * @param secret the version in an answer
   */
  public <T> T lookUp(
      Caller caller, String name, Function<Lookup, T> search, Function<T, Secret> secret) {
    String principal = require(caller, name, "read");
    return logged(
        "read",
        caller,
        principal,
        name,
        () -> search.apply(new Lookup(principal, name)),
        answer -> Optional.of(secret.apply(answer).version()));
  }

  /** Returns the principal if it may read the name. */
  private String require(Caller caller, String name, String operation) {
    AccessRules.Access access = access(caller, name, operation);
    if (!access.patterns().contains(name)) {
      log.denied(operation, caller, access.principal(), name);
      throw AgentFailure.denied(
          access.principal() + " may not read this name", "Add it to the rules of the agent");
    }
    return access.principal();
  }

  /**
   * A program that hides its user gets nothing, with a token neither: its reads could not be
   * traced.
   */
  private AccessRules.Access access(Caller caller, String name, String operation) {
    AccessRules.Access access = accessByRules(caller, name, operation);
    if (caller.socket().isHidden()) {
      log.denied(operation, caller, access.principal(), name);
      throw AgentFailure.denied(
          "a program of this host asks, and the system does not show its user",
          "Keep the connection open until the answer is read");
    }
    return access;
  }

  private AccessRules.Access accessByRules(Caller caller, String name, String operation) {
    try {
      return rules.get().of(caller);
    } catch (AgentFailure e) {
      log.denied(operation, caller, PeerSocket.UNKNOWN, name);
      throw e;
    }
  }

  private static String word(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
