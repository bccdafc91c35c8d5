package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.VersionSelector;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one name as one list of the backend's shows them, with the values of those that
 * were asked for. Everything that follows from the list is in here, so that no two answers of it
 * contradict each other. Immutable.
 */
public final class VersionList {
  private final List<SecretVersion> listed;
  private final Map<String, Secret> values;
  private final @Nullable List<Secret> accepted;

  /**
   * Creates the versions that one list shows.
   *
   * @param listed newest first
   * @param values by version
   * @param accepted the versions that a verifier must accept; null if no caller has asked for them
   */
  VersionList(
      List<SecretVersion> listed, Map<String, Secret> values, @Nullable List<Secret> accepted) {
    this.listed = listed;
    this.values = values;
    this.accepted = accepted;
  }

  /** The version that the selector means; empty if there is none. */
  public Optional<SecretVersion> pick(VersionSelector selector) {
    return VersionSelection.pick(listed, selector);
  }

  /** The version that the selector means; null if there is none, or if its value is not here. */
  public @Nullable Secret value(VersionSelector selector) {
    Optional<SecretVersion> version = pick(selector);
    return version.isEmpty() ? null : values.get(version.get().id());
  }

  /**
   * The value of a version that another list shows, if it is here. An id alone is not enough: a
   * backend may count from 1 again for a secret that was purged and made again.
   */
  @Nullable Secret value(SecretVersion version) {
    Secret value = values.get(version.id());
    return value != null
            && (VersionHistory.created(value).equals(version.created()) || isListedSo(version))
        ? value
        : null;
  }

  private boolean isListedSo(SecretVersion version) {
    return VersionSelection.pick(listed, VersionSelector.id(version.id()))
        .filter(known -> known.created().equals(version.created()))
        .isPresent();
  }

  /** Returns the versions that a verifier must accept; null if no caller has asked for them. */
  public @Nullable List<Secret> accepted() {
    return accepted;
  }

  /** All values. */
  Collection<Secret> values() {
    return values.values();
  }

  /** The same, once that version has become the current one. */
  VersionList withCurrent(Secret fresh) {
    Optional<SecretVersion> current = pick(VersionSelector.current());
    if (current.isPresent()
        && current.get().id().equals(fresh.version())
        && !VersionHistory.isRemade(current.get().created(), VersionHistory.created(fresh))) {
      return this;
    }
    Map<String, Secret> known = new LinkedHashMap<>(values);
    known.put(fresh.version(), fresh);
    List<Secret> accepting =
        accepted == null ? null : VersionSelection.withCurrent(fresh, accepted);
    return new VersionList(VersionSelection.withCurrent(fresh, listed, current), known, accepting);
  }

  /** The same, with each value labelled. */
  VersionList labelled(UnaryOperator<Secret> label) {
    Map<String, Secret> labelled = new LinkedHashMap<>(values);
    labelled.replaceAll((version, secret) -> label.apply(secret));
    List<Secret> accepting = accepted == null ? null : accepted.stream().map(label).toList();
    return new VersionList(listed, labelled, accepting);
  }
}
