package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.PutRequest.Condition;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The versioned engine. Every write is a compare-and-set on the version that was read before it, so
 * it is done once or not at all; deletes are soft until they are purged. Safe for use by several
 * threads.
 */
public final class KvV2 implements KvEngine {
  private static final System.Logger LOG = System.getLogger(KvV2.class.getName());
  private static final int TRIES = 16;

  private final String mount;
  private final InstantSource clock;
  private final Listing listing;
  private final MountCheck mountCheck;

  KvV2(String mount, InstantSource clock) {
    this.mount = mount;
    this.clock = clock;
    this.listing = new Listing(mount + "/metadata/", this::isLive);
    this.mountCheck = new MountCheck(mount, "2");
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(
        EnumSet.of(
            Capability.BATCH,
            Capability.STAGES,
            Capability.REPEATABLE_PUT,
            Capability.DENIED_IS_NOT_MISSING,
            Capability.READ_AFTER_WRITE));
  }

  /**
   * The current version.
   *
   * @param version its number; 0 if there is none
   * @param fields its fields; empty if it was destroyed, has expired or was never written
   */
  private record Current(
      long version, Instant created, Optional<Map<?, ?>> fields, boolean isExpired) {
    static Current gone(long version, boolean isExpired) {
      return new Current(version, Instant.EPOCH, Optional.empty(), isExpired);
    }

    StoreFailure absence() {
      if (version == 0) {
        return Failures.notFound();
      }
      return isExpired ? expired() : destroyed();
    }
  }

  private Current current(Call call, String path) {
    Reply reply = call.read(data(path));
    Map<?, ?> metadata = Json.object(reply.data(), "metadata");
    long version = Json.number(metadata, "version");
    if (reply.status() != 404) {
      return new Current(version, created(metadata), Optional.of(fields(reply)), false);
    }
    Metadata.Version facts = Metadata.version(version, metadata);
    if (version > 0 && facts.isDeleted(now(call))) {
      throw pendingDeletion();
    }
    return Current.gone(version, facts.hasLifetime() && !facts.isDestroyed());
  }

  /** The time by the clock that sets the times of versions. */
  private Instant now(Call call) {
    return call.serverTime().orElseGet(clock::instant);
  }

  private static Map<?, ?> fields(Reply reply) {
    Failures.requireDone(reply);
    Map<?, ?> metadata = Json.object(reply.data(), "metadata");
    if (Json.number(metadata, "version") > 0) {
      return Json.object(reply.data(), "data");
    }
    throw reply.data().isEmpty() ? Reply.foreign() : MountCheck.other("1");
  }

  private static Instant created(Map<?, ?> metadata) {
    return Json.time(metadata, "created_time").orElse(Instant.EPOCH);
  }

  @Override
  public StoredSecret fetch(Call call, SecretLocation location) {
    Current now = current(call, location.path());
    if (now.fields().isEmpty()) {
      throw now.absence();
    }
    return stored(location.fields(), now.fields().get(), now.version(), now.created());
  }

  private static StoredSecret stored(
      Fields fields, Map<?, ?> content, long number, Instant created) {
    SecretValue value = fields.value(content).orElseThrow(() -> KvEngine.noField(fields));
    return new StoredSecret(value, String.valueOf(number), created);
  }

  @Override
  public StoredSecret fetchVersion(Call call, SecretLocation location, String version) {
    if (!isNumber(version)) {
      versions(call, location); // says if there is no such name
      throw noVersion();
    }
    Reply reply = call.read(data(location.path()), "?version=" + version);
    if (reply.status() == 404) {
      versions(call, location);
      throw noVersion();
    }
    Map<?, ?> fields = fields(reply);
    Map<?, ?> metadata = Json.object(reply.data(), "metadata");
    if (Json.number(metadata, "version") != Long.parseLong(version)) {
      throw Reply.foreign();
    }
    return stored(location.fields(), fields, Json.number(metadata, "version"), created(metadata));
  }

  /** 0 would be the current version to the server. */
  private static boolean isNumber(String version) {
    return version.matches("[1-9][0-9]{0,8}");
  }

  @Override
  public List<SecretVersion> versions(Call call, SecretLocation location) {
    Metadata metadata = live(call, location.path());
    List<SecretVersion> versions = new ArrayList<>();
    boolean hasPrevious = false;
    for (Metadata.Version version : metadata.newestFirst()) {
      if (!version.isLive(metadata.now())) {
        continue;
      }
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      if (version.number() == metadata.current()) {
        stages.add(Stage.CURRENT);
      } else if (!hasPrevious) {
        stages.add(Stage.PREVIOUS);
        hasPrevious = true;
      }
      versions.add(new SecretVersion(String.valueOf(version.number()), version.created(), stages));
    }
    return List.copyOf(versions);
  }

  /** The metadata of a secret that is not deleted. */
  private Metadata live(Call call, String path) {
    Metadata metadata = metadata(call, path);
    if (metadata.isDeleted()) {
      throw pendingDeletion();
    }
    if (metadata.newestFirst().isEmpty()) {
      throw Failures.notFound();
    }
    return metadata;
  }

  private Metadata metadata(Call call, String path) {
    Reply reply = call.read(mount + "/metadata/" + path);
    if (reply.status() == 404) {
      throw Failures.notFound();
    }
    Failures.requireDone(reply);
    if (reply.data().isEmpty()) {
      throw Reply.foreign();
    }
    return Metadata.of(reply.data(), now(call));
  }

  @Override
  public Map<String, String> describe(Call call, SecretLocation location) {
    Metadata metadata = live(call, location.path());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("path", data(location.path()));
    facts.put("field", location.fields().field());
    facts.putAll(metadata.facts());
    return facts;
  }

  private boolean isLive(Call call, String path, Optional<Map<?, ?>> known) {
    if (known.isPresent()) {
      return Metadata.of(known.get(), now(call)).isReadable();
    }
    try {
      return metadata(call, path).isReadable();
    } catch (StoreFailure e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return false; // purged since it was listed
      }
      throw e;
    }
  }

  @Override
  public List<String> list(Call call, String prefix) {
    return listing.list(call, prefix);
  }

  @Override
  public PutResult put(Call call, SecretLocation location, PutRequest request) {
    Fields.requireSize(request.value());
    mountCheck.require(call);
    for (int i = 0; i < TRIES; i++) {
      Current now = current(call, location.path());
      Map<?, ?> old = now.fields().orElse(Map.of());
      Optional<SecretValue> value =
          now.fields().isEmpty() ? Optional.empty() : location.fields().value(old);
      requireCondition(request, now, value.isPresent(), location.fields());
      if (value.isPresent() && value.get().equals(request.value())) {
        return new PutResult(String.valueOf(now.version()), PutResult.Outcome.UNCHANGED);
      }
      Optional<Long> made = tryPut(call, location, request.value(), now, old);
      value.ifPresent(SecretValue::close);
      if (made.isPresent()) {
        return new PutResult(
            String.valueOf(made.get()),
            value.isPresent() ? PutResult.Outcome.UPDATED : PutResult.Outcome.CREATED);
      }
    }
    throw StoreFailure.of(
        Kind.CONFLICT, "others kept writing it at the same time", "Try again, or find out who");
  }

  private static void requireCondition(
      PutRequest request, Current now, boolean isThere, Fields fields) {
    // A destroyed secret has no value and is not new either, so only its selected fields are.
    boolean exists = isThere || (now.version() > 0 && !fields.isChosen());
    if (request.condition() == Condition.CREATE_ONLY && exists) {
      throw StoreFailure.of(
          Kind.CONFLICT,
          "it exists already",
          "Rotate it or put a new version; for another secret choose another name");
    }
    boolean isExpected = isThere && String.valueOf(now.version()).equals(request.expectedVersion());
    if (request.condition() == Condition.IF_VERSION && !isExpected) {
      throw StoreFailure.of(
          Kind.CONFLICT, "the current version is another one", "Read it again, then decide");
    }
  }

  /** The number of the new version; empty if another writer wrote since the read. */
  private Optional<Long> tryPut(
      Call call, SecretLocation location, SecretValue value, Current now, Map<?, ?> old) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("options", Map.of("cas", now.version()));
    body.put("data", location.fields().with(old, value));
    Reply reply = call.write(data(location.path()), body);
    if (reply.status() == 400 && reply.says("check-and-set parameter did not match")) {
      return Optional.empty();
    }
    long version = Json.number(reply.data(), "version");
    if (reply.ok() && version > 0) {
      return Optional.of(version);
    }
    throw reply.ok() ? MountCheck.other("1") : Failures.unexpected(reply);
  }

  @Override
  public void delete(Call call, String path) {
    if (metadata(call, path).isDeleted()) {
      throw pendingDeletion();
    }
    for (int i = 0; i < TRIES; i++) {
      List<Long> live = metadata(call, path).liveNumbers();
      if (live.isEmpty()) {
        if (i == 0) {
          throw Failures.notFound();
        }
        return;
      }
      // A version that another writer puts meanwhile is not in the list: the next round has it.
      Failures.requireDone(call.write(mount + "/delete/" + path, Map.of("versions", live)));
    }
    throw StoreFailure.of(
        Kind.CONFLICT, "others kept writing it at the same time", "Stop them and delete again");
  }

  /** Older ones too, or the newest of them would be the previous version then. */
  @Override
  public void retire(Call call, String path, String version) {
    Metadata metadata = live(call, path);
    if (!isNumber(version) || Long.parseLong(version) > metadata.current()) {
      throw noVersion();
    }
    long last = Long.parseLong(version);
    if (last == metadata.current()) {
      throw StoreFailure.of(Kind.CONFLICT, "it is the current version", "Put a new value first");
    }
    List<Long> old = metadata.liveNumbers().stream().filter(number -> number <= last).toList();
    if (!old.isEmpty()) {
      Failures.requireDone(call.write(mount + "/delete/" + path, Map.of("versions", old)));
    }
  }

  @Override
  public void restore(Call call, String path) {
    Metadata metadata = metadata(call, path).onMount(lifetimeOfMount(call));
    if (metadata.isExpired()) { // undeleted, it would be served again, for its whole lifetime
      throw metadata.isDeleted() ? deletedAndExpired() : expired();
    }
    if (metadata.newestFirst().isEmpty()) {
      throw Failures.notFound(); // a purge left only the settings
    }
    if (!metadata.isDeleted()) {
      throw notDeleted();
    }
    List<Long> numbers = metadata.deletedLast();
    Failures.requireDone(call.write(mount + "/undelete/" + path, Map.of("versions", numbers)));
  }

  /** Returns the lifetime that the mount gives a version; empty if the token may not read it. */
  private String lifetimeOfMount(Call call) {
    Reply reply = call.tryRead(mount + "/config");
    Failures.requireAnswer(reply);
    return reply.ok() ? Json.text(reply.data(), "delete_version_after") : "";
  }

  /**
   * Removes the metadata, because only then no version is left and the name is free. The settings
   * of the secret go with it and are written again: without {@code delete_version_after}, the next
   * value of the name would never expire. If that fails, the purge is done all the same.
   */
  @Override
  public void purge(Call call, String path) {
    Metadata metadata = metadata(call, path);
    if (metadata.isReadable()) {
      throw notDeleted();
    }
    Failures.requireDone(call.delete(mount + "/metadata/" + path));
    if (metadata.settings().isEmpty()) {
      return;
    }
    try {
      Failures.requireDone(call.write(mount + "/metadata/" + path, metadata.settings()));
    } catch (StoreFailure e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Purged {0}/{1}, but cannot write its settings {2} again: {3}. {4}. Then set them with:"
              + " vault kv metadata put",
          mount,
          path,
          metadata.settings(),
          e.reason(),
          e.advice().orElse("Try again"));
    }
  }

  private String data(String path) {
    return mount + "/data/" + path;
  }

  private static StoreFailure pendingDeletion() {
    return StoreFailure.of(
        Kind.PENDING_DELETION, "it is deleted and can be restored", "Restore it, or purge it");
  }

  private static StoreFailure destroyed() {
    return StoreFailure.of(
        Kind.NOT_FOUND, "its current version was destroyed", "Put a new version");
  }

  private static StoreFailure expired() {
    return StoreFailure.of(
        Kind.NOT_FOUND,
        "its current version has expired, as delete_version_after says",
        "Put a new version; the expired one cannot be restored");
  }

  /** A put is refused here, because to the server it is deleted. */
  private static StoreFailure deletedAndExpired() {
    return StoreFailure.of(
        Kind.NOT_FOUND,
        "its current version would have expired by now, as delete_version_after says",
        "Purge it, then put a new value; the expired one cannot be restored");
  }

  private static StoreFailure noVersion() {
    return StoreFailure.of(
        Kind.VERSION_NOT_FOUND,
        "it has no such version, or no longer",
        "List its versions to see which there are");
  }

  private static StoreFailure notDeleted() {
    return StoreFailure.of(Kind.CONFLICT, "it is not deleted", "Delete it first");
  }
}
