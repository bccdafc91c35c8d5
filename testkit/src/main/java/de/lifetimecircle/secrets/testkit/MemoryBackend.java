package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The state that the clients of one fake backend share. Safe for use by several threads. */
final class MemoryBackend {
  static final int MAX_NAME = 512;
  private static final String NO_NAME = "there is no secret of that name";

  volatile InstantSource clock = InstantSource.system();
  volatile int retention = Integer.MAX_VALUE;
  volatile int maxBytes = 65_536;
  volatile boolean numbersEachName;

  /** Facts in the description of every name. */
  final Map<String, String> facts = new ConcurrentHashMap<>();

  private final Set<Capability> capabilities;
  private final Map<UUID, PutResult> results = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();
  private long lastId;

  MemoryBackend(Set<Capability> capabilities) {
    this.capabilities = Set.copyOf(capabilities);
  }

  /** One version; two are the same only if they are one object. */
  private static final class Version {
    final String id;
    final byte[] bytes;
    final Instant created;

    Version(String id, byte[] bytes, Instant created) {
      this.id = id;
      this.bytes = bytes;
      this.created = created;
    }

    StoredSecret stored() {
      return new StoredSecret(SecretValue.of(bytes), id, created);
    }
  }

  private static final class Entry {
    final List<Version> versions = new ArrayList<>();
    int made = 1;
    Version current;
    @Nullable Version previous;
    @Nullable Version pending;
    boolean deleted;

    final @Nullable String description;

    Entry(Version first, @Nullable String description) {
      this.description = description;
      current = first;
      versions.add(first);
    }

    Set<Stage> stages(Version version) {
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      if (version == current) {
        stages.add(Stage.CURRENT);
      }
      if (version == previous) {
        stages.add(Stage.PREVIOUS);
      }
      if (version == pending) {
        stages.add(Stage.PENDING);
      }
      return stages;
    }

    void makeCurrent(Version version) {
      if (version != current) {
        previous = current;
        current = version;
        pending = version == pending ? null : pending;
      }
    }

    void prune(int retention) {
      List<Version> old =
          new ArrayList<>(versions.stream().filter(v -> stages(v).isEmpty()).toList());
      Collections.reverse(old);
      old.stream().skip(retention).forEach(versions::remove);
    }
  }

  static SecretException.Builder failure(Kind kind, String action, String name) {
    return SecretException.of(kind, action.toLowerCase(Locale.ROOT).replace('_', ' '))
        .name(name)
        .scheme("fake");
  }

  synchronized StoredSecret current(String name) {
    return live(name, "fetch secret").current.stored();
  }

  synchronized StoredSecret version(String name, String id) {
    return find(live(name, "fetch secret"), name, id).stored();
  }

  synchronized List<SecretVersion> versions(String name) {
    Entry entry = live(name, "list the versions of secret");
    List<SecretVersion> newestFirst = new ArrayList<>();
    for (Version version : entry.versions) {
      newestFirst.add(0, new SecretVersion(version.id, version.created, entry.stages(version)));
    }
    return List.copyOf(newestFirst);
  }

  synchronized List<String> list(String prefix) {
    return entries.entrySet().stream()
        .filter(e -> !e.getValue().deleted && e.getKey().startsWith(prefix))
        .map(Map.Entry::getKey)
        .sorted(MemoryBackend::byCodePoint)
        .toList();
  }

  /** The order of String differs from that of code points where surrogates meet U+E000 and up. */
  static int byCodePoint(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }

  /** Returns the purpose that a secret was made with. */
  synchronized Optional<String> description(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.description);
  }

  synchronized PutResult put(PutRequest request) {
    if (!capabilities.contains(Capability.REPEATABLE_PUT)) {
      return putOnce(request);
    }
    PutResult done = results.get(request.id());
    if (done == null) {
      done = putOnce(request);
      results.put(request.id(), done);
    }
    return done;
  }

  private PutResult putOnce(PutRequest request) {
    String name = request.name();
    checkName(name);
    if (request.value().size() > maxBytes) {
      throw failure(Kind.TOO_LARGE, "put secret", name).build();
    }
    Entry entry = entries.get(name);
    if (entry != null && entry.deleted) {
      throw failure(Kind.PENDING_DELETION, "put secret", name)
          .advice("Restore or purge it first")
          .build();
    }
    checkCondition(request, entry);
    if (entry == null) {
      Version first = newVersion(null, request.value());
      entries.put(name, new Entry(first, request.description()));
      return new PutResult(first.id, PutResult.Outcome.CREATED);
    }
    return request.stage() == Stage.PENDING
        ? putPending(entry, request.value())
        : putCurrent(entry, request.value());
  }

  private static void checkCondition(PutRequest request, @Nullable Entry entry) {
    String name = request.name();
    if (request.stage() == Stage.PENDING && entry == null) {
      throw failure(Kind.NOT_FOUND, "put pending secret", name).reason(NO_NAME).build();
    }
    if (request.condition() == PutRequest.Condition.CREATE_ONLY && entry != null) {
      throw failure(Kind.CONFLICT, "create secret", name).reason("it exists").build();
    }
    if (request.condition() == PutRequest.Condition.IF_VERSION
        && (entry == null || !entry.current.id.equals(request.expectedVersion()))) {
      throw failure(Kind.CONFLICT, "put secret", name).reason("another version is current").build();
    }
  }

  private PutResult putCurrent(Entry entry, SecretValue value) {
    if (holds(entry.current, value)) {
      return new PutResult(entry.current.id, PutResult.Outcome.UNCHANGED);
    }
    Version version = newVersion(entry, value);
    entry.versions.add(version);
    entry.makeCurrent(version);
    entry.prune(retention);
    return new PutResult(version.id, PutResult.Outcome.UPDATED);
  }

  private PutResult putPending(Entry entry, SecretValue value) {
    if (entry.pending != null && holds(entry.pending, value)) {
      return new PutResult(entry.pending.id, PutResult.Outcome.UNCHANGED);
    }
    Version version = newVersion(entry, value);
    entry.versions.add(version);
    entry.pending = version;
    entry.prune(retention);
    return new PutResult(version.id, PutResult.Outcome.UPDATED);
  }

  private static boolean holds(Version version, SecretValue value) {
    try (SecretValue held = SecretValue.of(version.bytes)) {
      return held.equals(value);
    }
  }

  synchronized void promote(String name, String id) {
    Entry entry = live(name, "promote secret");
    entry.makeCurrent(find(entry, name, id));
  }

  synchronized void retire(String name, String id) {
    Entry entry = live(name, "retire a version of secret");
    if (entry.current.id.equals(id)) {
      throw failure(Kind.CONFLICT, "retire a version of secret", name)
          .reason("it is the current one")
          .build();
    }
    Version previous = entry.previous;
    if (previous != null && previous.id.equals(id)) {
      entry.previous = null;
      entry.prune(retention);
    }
  }

  synchronized void delete(String name) {
    Entry entry = entries.get(name);
    if (entry == null || entry.deleted) {
      throw failure(Kind.NOT_FOUND, "delete secret", name).reason(NO_NAME).build();
    }
    if (capabilities.contains(Capability.RESTORE)) {
      entry.deleted = true;
    } else {
      entries.remove(name);
    }
  }

  synchronized void restore(String name) {
    deleted(name, "restore secret").deleted = false;
  }

  synchronized void purge(String name) {
    deleted(name, "purge secret");
    entries.remove(name);
  }

  synchronized void forget(String name) {
    entries.remove(name);
  }

  private Entry deleted(String name, String action) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw failure(Kind.NOT_FOUND, action, name).reason(NO_NAME).build();
    }
    if (!entry.deleted) {
      throw failure(Kind.CONFLICT, action, name).reason("it is not deleted").build();
    }
    return entry;
  }

  private Entry live(String name, String action) {
    checkName(name);
    Entry entry = entries.get(name);
    if (entry == null) {
      throw failure(Kind.NOT_FOUND, action, name).reason(NO_NAME).build();
    }
    if (entry.deleted) {
      throw failure(Kind.PENDING_DELETION, action, name).reason("it is deleted").build();
    }
    return entry;
  }

  private static Version find(Entry entry, String name, String id) {
    return entry.versions.stream()
        .filter(v -> v.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                failure(Kind.VERSION_NOT_FOUND, "find version of secret", name)
                    .reason("it has no version '" + id + "'")
                    .build());
  }

  private Version newVersion(@Nullable Entry entry, SecretValue value) {
    long number = !numbersEachName ? ++lastId : entry == null ? 1 : ++entry.made;
    return new Version("v" + number, value.asBytes(), clock.instant());
  }

  /** As strict as the strictest of the real ones about form, as open as any about letters. */
  private static void checkName(String name) {
    boolean bad =
        name.isEmpty()
            || name.codePointCount(0, name.length()) > MAX_NAME
            || name.codePoints().anyMatch(c -> Character.isISOControl(c) || isLone(c));
    for (String segment : name.split("/", -1)) {
      bad |= segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }
    if (bad) {
      throw failure(Kind.BAD_NAME, "use secret", name)
          .reason("a name is segments divided by '/', none empty, '.' or '..'")
          .build();
    }
  }

  private static boolean isLone(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
