package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.internal.cache.VersionHistory.Version;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Loads secrets for the cache: asks the store, takes ownership of the value, and returns only a
 * valid one. Runs on a worker, inside a call's deadline. Stateless.
 */
public record SecretLoader(SecretStore store, EngineParts parts) {
  /**
   * The current version; one that is held is read again only if it changed.
   *
   * @param held the served answer
   */
  Secret current(Entry entry, @Nullable Secret held) {
    String name = entry.name;
    if (held == null || !(store instanceof RevalidatingStore revalidating)) {
      return accepted(entry, store.fetch(parts.stored(name)));
    }
    Optional<StoredSecret> changed =
        revalidating.fetchUnless(
            parts.stored(name), held.version(), VersionHistory.created(held), held.value().size());
    return changed.isPresent()
        ? accepted(entry, changed.get())
        : EngineAccess.types().seenAgain(held, parts.time().instant());
  }

  /**
   * Returns the answer, unless it comes from a lagging replica and is older than the known version.
   */
  Secret accepted(Entry entry, StoredSecret answer) {
    String name = entry.name;
    Version newer = entry.newerThan(new Version(answer.version(), answer.created()));
    if (newer != null && !isCurrentAgain(name, answer, newer)) {
      answer.value().close();
      throw wentBack(name);
    }
    return takenOver(name, answer);
  }

  /**
   * Whether an older version is current on purpose: the list of versions knows the newer one and
   * names the older one current all the same. A replica that lags behind does not know the newer.
   */
  private boolean isCurrentAgain(String name, StoredSecret answer, Version newer) {
    if (!(store instanceof VersionedStore versioned) || !keepsVersions()) {
      return !VersionHistory.isKnown(answer.created());
    }
    return isCurrent(answer.version(), newer, versioned.versions(parts.stored(name)));
  }

  private static boolean isCurrent(String version, Version newer, List<SecretVersion> known) {
    boolean knowsNewer = false;
    for (SecretVersion each : known) {
      // An older one of its id is from before a purge.
      knowsNewer |=
          each.id().equals(newer.id()) && !VersionHistory.isRemade(each.created(), newer.created());
    }
    Optional<SecretVersion> current =
        VersionSelection.pick(known, VersionSelector.stage(Stage.CURRENT));
    return knowsNewer && current.isPresent() && current.get().id().equals(version);
  }

  private SecretException wentBack(String name) {
    return SecretException.of(SecretException.Kind.UNAVAILABLE, "get secret")
        .name(name)
        .scheme(parts.scheme())
        .reason("it answered an older version than before, as a replica does that lags behind")
        .advice("Wait; if the older version is meant, refresh the secret")
        .build();
  }

  public boolean keepsVersions() {
    return store.capabilities().contains(Capability.VERSIONS);
  }

  /** Takes over an answer whose value keeps the rules. */
  private Secret takenOver(String name, StoredSecret stored) {
    SecretValue value = parts.eraser().lookAfter(EngineAccess.types().toShared(stored.value()));
    stored.value().close();
    parts.validation().require("serve secret", name, parts.scheme(), value);
    return EngineAccess.types()
        .fetched(
            name,
            value,
            stored.version(),
            stored.created(),
            parts.time().instant(),
            parts.scheme(),
            Secret.Origin.BACKEND);
  }

  /** Exactly that version. */
  Secret version(String name, String id) {
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    return takenOver(name, versioned.fetchVersion(parts.stored(name), id));
  }

  /**
   * The versions as the backend lists them now, with the values that are wanted: those that are
   * held already are not read again.
   *
   * @param begun when the backend was about to be asked
   * @param wanted the versions that readers have asked for
   * @param served the current version that is held; if the list names another one, its value is
   *     here as well
   * @param held the value of a version if it is held; null if it is not
   */
  VersionList versions(
      Entry entry,
      Timestamp begun,
      RequestedVersions wanted,
      @Nullable Secret served,
      Function<SecretVersion, @Nullable Secret> held) {
    String name = entry.name;
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    List<SecretVersion> listed = versioned.versions(parts.stored(name));
    Optional<SecretVersion> current = VersionSelection.pick(listed, VersionSelector.current());
    if (current.isPresent()) {
      requireNotOlder(entry, begun, current.get(), listed);
    }
    Map<String, Secret> values = new LinkedHashMap<>();
    List<VersionSelector> forVerifiers = wanted.accepted();
    List<Secret> accepted = new ArrayList<>(forVerifiers.size());
    for (VersionSelector selector : forVerifiers) {
      Optional<SecretVersion> version = VersionSelection.pick(listed, selector);
      if (version.isPresent()) {
        boolean isCurrent = version.equals(current);
        Secret value =
            valueUnless(
                e -> !isCurrent && isNoValue(e.kind()), versioned, name, version.get(), held);
        if (value != null) {
          values.put(value.version(), value);
          accepted.add(value);
        }
      }
    }
    if (!forVerifiers.isEmpty() && accepted.isEmpty()) {
      throw VersionSelection.none(name, parts.scheme(), VersionSelector.current());
    }
    for (VersionSelector selector : wanted.selected()) {
      Optional<SecretVersion> version = VersionSelection.pick(listed, selector);
      if (version.isPresent() && !values.containsKey(version.get().id())) {
        // A reader of a version that cannot be read asks for it alone, and gets the reason.
        Secret value = valueUnless(e -> true, versioned, name, version.get(), held);
        if (value != null) {
          values.put(value.version(), value);
        }
      }
    }
    if (served != null
        && current.isPresent()
        && !served.version().equals(current.get().id())
        && !values.containsKey(current.get().id())) {
      Secret news = value(versioned, name, current.get(), held);
      values.put(news.version(), news);
    }
    return new VersionList(
        List.copyOf(listed), values, forVerifiers.isEmpty() ? null : List.copyOf(accepted));
  }

  /**
   * Whether a version has no value that could be served: it breaks a rule, or there is none, as
   * where a later version brought the field. It keeps no verifier from the others.
   */
  private static boolean isNoValue(SecretException.Kind kind) {
    return kind == SecretException.Kind.INVALID_VALUE || kind == SecretException.Kind.NOT_FOUND;
  }

  /** The value; null if it cannot be read for a reason that is not to hide the other versions. */
  private @Nullable Secret valueUnless(
      Predicate<SecretException> isItsOwn,
      VersionedStore versioned,
      String name,
      SecretVersion version,
      Function<SecretVersion, @Nullable Secret> held) {
    try {
      return value(versioned, name, version, held);
    } catch (SecretException e) {
      if (!isItsOwn.test(e)) {
        throw e;
      }
      return null;
    }
  }

  private void requireNotOlder(
      Entry entry, Timestamp begun, SecretVersion current, List<SecretVersion> listed) {
    Version newer = entry.newerThan(new Version(current.id(), current.created()), begun);
    if (newer != null && !isCurrent(current.id(), newer, listed)) {
      throw wentBack(entry.name);
    }
  }

  private Secret value(
      VersionedStore versioned,
      String name,
      SecretVersion version,
      Function<SecretVersion, @Nullable Secret> held) {
    Secret known = held.apply(version);
    return known != null
        ? EngineAccess.types().seenAgain(known, parts.time().instant())
        : takenOver(name, versioned.fetchVersion(parts.stored(name), version.id()));
  }

  public <A> A ability(Class<A> ability, String action) {
    if (ability.isInstance(store)) {
      return ability.cast(store);
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, action)
        .scheme(parts.scheme())
        .reason("this backend has no such ability")
        .advice("Use a backend that declares it; see the capability table")
        .build();
  }
}
