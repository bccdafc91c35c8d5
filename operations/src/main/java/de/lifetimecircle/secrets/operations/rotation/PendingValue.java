package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A new value that a rotation keeps in the store and does not serve yet: the sign of an open
 * rotation that the store has also where the journal is elsewhere. Immutable; holds no value.
 *
 * <p>Finding it costs one call: the list of versions, or on a backend without stages the read of
 * the pending name. Values are read only where a version is pending and not current, because
 * abandoning a rotation leaves a copy of the served value as the pending version: a stage moves,
 * and is never taken away.
 *
 * @param what the version, or the rotation that keeps it
 * @param place the name that keeps it, as the end of a sentence; empty for the secret itself
 * @param since when it was stored, if the backend reports it
 */
public record PendingValue(String what, String place, Optional<Instant> since) {
  /** The backends that have stages; a provider does not tell its capabilities. */
  private static final Set<String> WITH_STAGES = Set.of("aws", "gpg");

  /** Failures that mean: no rotation keeps a value there. */
  private static final Set<Kind> NONE =
      EnumSet.of(
          Kind.NOT_FOUND,
          Kind.VERSION_NOT_FOUND,
          Kind.PENDING_DELETION,
          Kind.DISABLED,
          Kind.BAD_NAME,
          Kind.UNSUPPORTED);

  /**
   * Returns the pending value of a name; empty without a call if the backend cannot rotate, or if
   * the first put will make the store.
   *
   * @param stored the name in the store of a secret, or of the pending value itself
   * @throws SecretException {@code ACCESS_DENIED} and failures of the whole store
   */
  public static Optional<PendingValue> of(SecretWriter writer, String stored) {
    Set<Capability> can =
        writer.unwrap(SecretStore.class).map(SecretStore::capabilities).orElse(Set.of());
    boolean isUnmade =
        writer.unwrap(WritableStore.class).map(WritableStore::isUnmade).orElse(false);
    if (isUnmade || !PendingStore.suits(can)) {
      return Optional.empty();
    }
    return can.contains(Capability.STAGES)
        ? staged(writer.provider(), stored)
        : beside(writer.provider(), stored);
  }

  /**
   * Returns what {@link #of(SecretWriter, String)} returns, for a store that is only read.
   *
   * @throws SecretException as there
   */
  public static Optional<PendingValue> of(SecretProvider provider, String stored) {
    return hasStages(provider) ? staged(provider, stored) : beside(provider, stored);
  }

  /** Returns whether the backend keeps a pending value as a version of the secret itself. */
  public static boolean hasStages(SecretProvider provider) {
    return WITH_STAGES.contains(StoreSettings.backend(provider));
  }

  private static Optional<PendingValue> staged(SecretProvider provider, String stored) {
    return FreshRead.unless(NONE, () -> provider.versions(stored))
        .flatMap(versions -> staged(provider, stored, versions));
  }

  /**
   * Finds the pending version in a list that the caller has.
   *
   * @param versions all versions of the name, the newest first
   */
  public static Optional<PendingValue> staged(
      SecretProvider provider, String stored, List<SecretVersion> versions) {
    return versions.stream()
        .filter(each -> each.stages().contains(Stage.PENDING))
        .filter(each -> !isCurrent(each))
        .findFirst()
        .filter(pending -> isNew(provider, stored, pending, versions))
        .map(
            pending ->
                new PendingValue("version " + pending.id(), "", Optional.of(pending.created())));
  }

  /**
   * Returns whether it is no copy of the served value, nor, where another one was put since, of one
   * that was served before. A writer who may read no value cannot tell; it then counts as new.
   */
  private static boolean isNew(
      SecretProvider provider, String stored, SecretVersion pending, List<SecretVersion> versions) {
    boolean replaced =
        versions.subList(0, versions.indexOf(pending)).stream().anyMatch(PendingValue::isCurrent);
    try {
      Optional<SecretValue> value = value(provider, stored, pending);
      return value.isPresent()
          && versions.stream()
              .filter(each -> !each.equals(pending) && (replaced || isCurrent(each)))
              .noneMatch(each -> value(provider, stored, each).equals(value));
    } catch (SecretException e) {
      if (e.kind() != Kind.ACCESS_DENIED) {
        throw e;
      }
      return true;
    }
  }

  private static boolean isCurrent(SecretVersion version) {
    return version.stages().contains(Stage.CURRENT);
  }

  private static Optional<SecretValue> value(
      SecretProvider provider, String stored, SecretVersion version) {
    return FreshRead.unless(
        NONE, () -> provider.get(stored, VersionSelector.id(version.id())).value());
  }

  private static Optional<PendingValue> beside(SecretProvider provider, String stored) {
    Optional<PendingValue> own =
        PendingNames.secretOf(stored).isEmpty() ? Optional.empty() : under(provider, stored);
    return own.or(() -> under(provider, PendingNames.of(stored)));
  }

  /** Returns the new value that a rotation keeps under a pending name, on any backend. */
  public static Optional<PendingValue> under(SecretProvider provider, String pending) {
    Optional<Secret> found = FreshRead.unless(NONE, () -> provider.get(pending, Duration.ZERO));
    return found
        .flatMap(document -> PendingNames.rotation(document.value()))
        .filter(rotation -> !rotation.equals(PendingNames.NOTHING))
        .map(
            rotation ->
                new PendingValue(
                    "a new value of the rotation "
                        + rotation
                        + " by "
                        + found.get().value().json("by"),
                    " in '" + pending + "'",
                    found.get().created()));
  }

  /** Returns what is pending since when, as a part of a sentence. */
  public String state() {
    String stored =
        since
            .filter(time -> !time.equals(Instant.EPOCH)) // the backend does not report it
            .map(time -> " (stored at " + time.truncatedTo(ChronoUnit.SECONDS) + ")")
            .orElse("");
    return what + stored + " is pending" + place;
  }
}
