package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The versions that were valid when an emergency began, with their values as far as the backend
 * returned them before the first step: none of them may be valid at its end, and no later version
 * may have one of these values. Immutable; blocks for the backend. Closing overwrites the values.
 *
 * @param ids the versions by the name in the store
 * @param values their values by the name in the store
 */
record ExposedVersions(
    SecretProvider provider, Map<String, List<String>> ids, Map<String, List<SecretValue>> values)
    implements AutoCloseable {
  private static final Set<SecretException.Kind> UNREADABLE =
      Set.of(
          SecretException.Kind.VERSION_NOT_FOUND,
          SecretException.Kind.DISABLED,
          SecretException.Kind.UNSUPPORTED);

  /** Returns the versions that are valid now, by the name in the store. */
  static Map<String, List<String>> now(SecretProvider provider, List<String> names) {
    ExposedVersions none = new ExposedVersions(provider, Map.of(), Map.of());
    Map<String, List<String>> ids = new LinkedHashMap<>();
    for (String stored : names) {
      String current = provider.get(stored, Duration.ZERO).version();
      List<String> valid = new ArrayList<>(none.valid(stored));
      if (!valid.contains(current)) {
        valid.add(current);
      }
      ids.put(stored, valid);
    }
    return ids;
  }

  /** Reads the values of versions; leaves out those that the backend no longer returns. */
  static ExposedVersions read(SecretProvider provider, Map<String, List<String>> ids) {
    ExposedVersions exposed = new ExposedVersions(provider, ids, new LinkedHashMap<>());
    ids.forEach(
        (stored, versions) -> {
          List<SecretValue> values = new ArrayList<>();
          exposed.values.put(stored, values);
          Secret current = provider.get(stored, Duration.ZERO);
          for (String version : versions) {
            Optional<SecretValue> value =
                version.equals(current.version())
                    ? Optional.of(current.value())
                    : exposed.readable(stored, version);
            value.ifPresent(each -> values.add(each.copy()));
          }
        });
    return exposed;
  }

  /** Returns the versions that the backend still calls valid. */
  private List<String> valid(String stored) {
    // A backend without versions keeps one value only.
    return FreshRead.unless(
            Set.of(SecretException.Kind.UNSUPPORTED), () -> provider.versions(stored))
        .orElse(List.of())
        .stream()
        .filter(version -> !version.stages().isEmpty())
        .map(SecretVersion::id)
        .toList();
  }

  /** Returns the versions with an exposed value that the backend still calls valid. */
  List<String> stillValid(String stored) {
    return ids.containsKey(stored)
        ? valid(stored).stream().filter(id -> isExposed(stored, id)).toList()
        : List.of();
  }

  /** Returns whether an exposed value is current, as far as the backend still tells. */
  boolean isServed(String stored) {
    return isExposed(stored, provider.get(stored, Duration.ZERO).version());
  }

  /**
   * Returns whether the current value is certainly none of the exposed ones, by a read past the
   * cache. If the value of an exposed version is unknown, only the version that the emergency
   * itself made current can be a new value.
   *
   * @param made that version; empty if there is none
   */
  boolean isReplaced(String stored, String made) {
    Secret current = provider.get(stored, Duration.ZERO);
    List<String> exposed = of(stored);
    return !exposed.isEmpty()
        && !exposed.contains(current.version())
        && !isExposed(stored, current.value())
        && (known(stored).size() == exposed.size() || current.version().equals(made));
  }

  /** Returns whether a value is one of the exposed ones. */
  boolean isExposed(String stored, SecretValue value) {
    return known(stored).stream().anyMatch(value::equals);
  }

  /** Compares values too, because some backends restore an old value as a new version. */
  private boolean isExposed(String stored, String version) {
    return of(stored).contains(version)
        || readable(stored, version).filter(value -> isExposed(stored, value)).isPresent();
  }

  private List<String> of(String stored) {
    return ids.getOrDefault(stored, List.of());
  }

  private List<SecretValue> known(String stored) {
    return values.getOrDefault(stored, List.of());
  }

  private Optional<SecretValue> readable(String stored, String version) {
    return FreshRead.unless(
        UNREADABLE, () -> provider.get(stored, VersionSelector.id(version)).value());
  }

  /** Returns the values that no program may print, old and new; the caller closes them. */
  List<SecretValue> values(List<String> names) {
    List<SecretValue> all = new ArrayList<>();
    for (String stored : names) {
      all.add(provider.get(stored, Duration.ZERO).value().copy());
      known(stored).forEach(value -> all.add(value.copy()));
    }
    return all;
  }

  @Override
  public void close() {
    values.values().forEach(each -> each.forEach(SecretValue::close));
  }
}
