package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that a test controls: it answers, fails or hangs, and counts its calls.
 *
 * <pre>{@code
 * FakeStore store = FakeStore.create().holding("db/PASSWORD", "first");
 * store.next(FakeStore.Op.FETCH, "db/PASSWORD", FakeStep.fail(Kind.THROTTLED));
 * ...
 * assertEquals(2, store.calls(FakeStore.Op.FETCH, "db/PASSWORD"));
 * }</pre>
 *
 * <p>Keeps the contract of every capability it declares and refuses all others with {@code
 * UNSUPPORTED}; passes {@link SecretStoreContract}. Safe for use by several threads; blocks only
 * where a step says so.
 */
public final class FakeStore
    implements VersionedStore,
        ListableStore,
        BatchStore,
        WritableStore,
        DeletableStore,
        RetiringStore {

  /** A call that is counted and that a step can intercept. */
  public enum Op {
    /** {@link #fetch}, and each name of {@link #fetchAll}. */
    FETCH,
    /** {@link #fetchVersion}. */
    FETCH_VERSION,
    /** {@link #versions}. */
    VERSIONS,
    /** {@link #fetchAll}, once for all names; a step for it has the empty name. */
    FETCH_ALL,
    /** {@link #list}; its name is the prefix. */
    LIST,
    /** {@link #describe}. */
    DESCRIBE,
    /** {@link #check}; a step for it has the empty name. */
    CHECK,
    /** {@link #put}. */
    PUT,
    /** {@link #promote}. */
    PROMOTE,
    /** {@link #retire}. */
    RETIRE,
    /** {@link #delete}. */
    DELETE,
    /** {@link #restore}. */
    RESTORE,
    /** {@link #purge}. */
    PURGE
  }

  private final Set<Capability> capabilities;
  private final MemoryBackend backend;
  private final FakeScript script;
  private volatile boolean closed;

  private FakeStore(Set<Capability> capabilities, MemoryBackend backend, FakeScript script) {
    this.capabilities = Set.copyOf(capabilities);
    this.backend = backend;
    this.script = script;
  }

  /** An empty store that can do everything. */
  public static FakeStore create() {
    return with(Capability.values());
  }

  /** An empty store that can do only that. */
  public static FakeStore with(Capability... capabilities) {
    Set<Capability> declared = EnumSet.noneOf(Capability.class);
    declared.addAll(List.of(capabilities));
    return new FakeStore(declared, new MemoryBackend(declared), new FakeScript());
  }

  /** Another client onto the same backend, with the same script and counts, closed by itself. */
  public FakeStore secondClient() {
    return new FakeStore(capabilities, backend, script);
  }

  /** Stamps versions by this clock. */
  public FakeStore clock(InstantSource clock) {
    backend.clock = clock;
    return this;
  }

  /**
   * Numbers the versions of each name from 1, and again from 1 after a purge, as KV v2 does; else
   * no id comes twice.
   */
  public FakeStore numberingEachName() {
    backend.numbersEachName = true;
    return this;
  }

  /** Keeps that many versions of a name besides those that have a stage. */
  public FakeStore retention(int versions) {
    backend.retention = versions;
    return this;
  }

  /** Takes values up to that size. */
  public FakeStore maxBytes(int bytes) {
    backend.maxBytes = bytes;
    return this;
  }

  /** Holds the value from now on, as if another writer had put it: no step, no count, any name. */
  public FakeStore holding(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      backend.put(PutRequest.always(name, value));
    }
    return this;
  }

  /** Adds a fact to the description of each name, such as the {@code arn} of a store of AWS. */
  public FakeStore fact(String key, String value) {
    backend.facts.put(key, value);
    return this;
  }

  /** Forgets a name for good, as if another writer had purged it. */
  public FakeStore losing(String name) {
    backend.forget(name);
    return this;
  }

  /** Takes these steps, one for each call of that kind, before the store's own answers. */
  public FakeStore next(Op op, String name, FakeStep... steps) {
    script.next(op, name, steps);
    return this;
  }

  /**
   * Takes this step at each of these calls until {@link #recover}, after the steps of {@link
   * #next}.
   */
  public FakeStore always(Op op, String name, FakeStep step) {
    script.always(op, name, step);
    return this;
  }

  /** Takes this step at each call of any kind and name, until {@link #recover}. */
  public FakeStore outage(FakeStep step) {
    script.outage(step);
    return this;
  }

  /** Forgets every step that has not been taken, and lets go of the calls that hang. */
  public FakeStore recover() {
    script.recover();
    return this;
  }

  /** Releases the calls that hang now; they then answer from the stored secrets. */
  public void release() {
    script.release();
  }

  /** How many calls hang now. */
  public int hanging() {
    return script.hanging();
  }

  /** How many calls there were of any kind. */
  public int calls() {
    return script.calls();
  }

  /** How many calls there were of that kind. */
  public int calls(Op op) {
    return script.calls(op);
  }

  /** How many calls there were of that kind for that name. */
  public int calls(Op op, String name) {
    return script.calls(op, name);
  }

  /** Whether this client was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public StoredSecret fetch(String name) {
    FakeStep.@Nullable Value scripted = enter(Op.FETCH, name, null);
    return scripted == null ? backend.current(name) : answer(scripted);
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    FakeStep.@Nullable Value scripted = enter(Op.FETCH_VERSION, name, Capability.VERSIONS);
    return scripted == null ? backend.version(name, version) : answer(scripted);
  }

  @Override
  public List<SecretVersion> versions(String name) {
    enter(Op.VERSIONS, name, Capability.VERSIONS);
    return backend.versions(name);
  }

  @Override
  public List<String> list(String prefix) {
    enter(Op.LIST, prefix, Capability.LIST);
    return backend.list(prefix);
  }

  @Override
  public Map<String, Answer> fetchAll(Collection<String> names) {
    enter(Op.FETCH_ALL, "", Capability.BATCH);
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (String name : names) {
      if (!answers.containsKey(name)) {
        answers.put(name, fetchOne(name));
      }
    }
    return answers;
  }

  private Answer fetchOne(String name) {
    try {
      return Answer.of(fetch(name));
    } catch (SecretException e) {
      if (e.kind() == Kind.INTERRUPTED || e.kind() == Kind.CLOSED) {
        throw e;
      }
      return Answer.failed(e);
    }
  }

  @Override
  public Map<String, String> describe(String name) {
    enter(Op.DESCRIBE, name, null);
    StoredSecret current = backend.current(name);
    current.value().close();
    Map<String, String> facts = new LinkedHashMap<>(backend.facts);
    facts.put("location", "memory");
    facts.put("version", current.version());
    facts.put("created", "" + current.created());
    backend.description(name).ifPresent(text -> facts.put("description", text));
    return facts;
  }

  @Override
  public Map<String, String> check() {
    enter(Op.CHECK, "", null);
    Map<String, String> facts = new LinkedHashMap<>(backend.facts);
    facts.put("location", "memory");
    return facts;
  }

  @Override
  public PutResult put(PutRequest request) {
    enter(Op.PUT, request.name(), Capability.WRITE);
    if (request.condition() == PutRequest.Condition.CREATE_ONLY) {
      require(Capability.CREATE_ONLY, "create", request.name());
    }
    if (request.condition() == PutRequest.Condition.IF_VERSION) {
      require(Capability.PUT_IF_VERSION, "put if version", request.name());
    }
    if (request.stage() == Stage.PENDING) {
      require(Capability.STAGES, "put pending", request.name());
    }
    if (request.value().isEmpty()) {
      require(Capability.EMPTY_VALUE, "put an empty value as", request.name());
    }
    return backend.put(request);
  }

  @Override
  public void promote(String name, String version) {
    enter(Op.PROMOTE, name, Capability.STAGES);
    backend.promote(name, version);
  }

  @Override
  public void retire(String name, String version) {
    enter(Op.RETIRE, name, Capability.VERSIONS);
    require(Capability.WRITE, "retire a version of", name);
    backend.retire(name, version);
  }

  @Override
  public void delete(String name) {
    enter(Op.DELETE, name, Capability.DELETE);
    backend.delete(name);
  }

  @Override
  public void restore(String name) {
    enter(Op.RESTORE, name, Capability.RESTORE);
    backend.restore(name);
  }

  @Override
  public void purge(String name) {
    enter(Op.PURGE, name, Capability.PURGE);
    backend.purge(name);
  }

  /** Ends this client; calls of it that hang fail with {@code CLOSED}. */
  @Override
  public void close() {
    closed = true;
    script.wake();
  }

  /** Shows the store's capabilities and none of its content. */
  @Override
  public String toString() {
    return "FakeStore" + capabilities;
  }

  private FakeStep.@Nullable Value enter(Op op, String name, @Nullable Capability needed) {
    requireOpen(op, name);
    if (needed != null) {
      require(needed, op.name().toLowerCase(Locale.ROOT), name);
    }
    FakeStep.@Nullable Value value = script.enter(op, name, () -> closed);
    requireOpen(op, name);
    return value;
  }

  private void requireOpen(Op op, String name) {
    if (closed) {
      throw MemoryBackend.failure(Kind.CLOSED, op + " secret", name).build();
    }
  }

  private void require(Capability needed, String action, String name) {
    if (!capabilities.contains(needed)) {
      throw MemoryBackend.failure(Kind.UNSUPPORTED, action + " secret", name)
          .reason("this store does not declare " + needed)
          .build();
    }
  }

  private static StoredSecret answer(FakeStep.Value scripted) {
    return new StoredSecret(scripted.value().copy(), scripted.version(), Instant.EPOCH);
  }
}
