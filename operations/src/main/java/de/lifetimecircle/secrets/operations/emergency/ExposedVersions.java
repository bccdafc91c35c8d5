package de.lifetimecircle.secrets.operations.emergency;

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
 * The versions that were valid when an emergency began: none of them may be valid at its end.
 * Immutable; blocks for the backend.
 *
 * @param ids the versions by the name in the store
 */
record ExposedVersions(SecretProvider provider, Map<String, List<String>> ids) {
  private static final Set<SecretException.Kind> UNREADABLE =
      Set.of(
          SecretException.Kind.VERSION_NOT_FOUND,
          SecretException.Kind.DISABLED,
          SecretException.Kind.UNSUPPORTED);

  /** Returns the versions that are valid now. */
  static ExposedVersions now(SecretProvider provider, List<String> names) {
    ExposedVersions exposed = new ExposedVersions(provider, new LinkedHashMap<>());
    for (String stored : names) {
      String current = provider.get(stored, Duration.ZERO).version();
      List<String> valid = new ArrayList<>(exposed.valid(stored));
      if (!valid.contains(current)) {
        valid.add(current);
      }
      exposed.ids.put(stored, valid);
    }
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

  /** Returns whether an exposed value is current. */
  boolean isServed(String stored) {
    return isExposed(stored, provider.get(stored, Duration.ZERO).version());
  }

  /** Compares values too, because some backends restore an old value as a new version. */
  private boolean isExposed(String stored, String version) {
    return of(stored).contains(version)
        || readable(stored, version)
            .filter(
                value ->
                    of(stored).stream()
                        .flatMap(old -> readable(stored, old).stream())
                        .anyMatch(value::equals))
            .isPresent();
  }

  private List<String> of(String stored) {
    return ids.getOrDefault(stored, List.of());
  }

  private Optional<SecretValue> readable(String stored, String version) {
    return FreshRead.unless(
        UNREADABLE, () -> provider.get(stored, VersionSelector.id(version)).value());
  }

  /** Returns the values that no program may print, old and new; the caller closes them. */
  List<SecretValue> values(List<String> names) {
    List<SecretValue> values = new ArrayList<>();
    for (String stored : names) {
      values.add(provider.get(stored, Duration.ZERO).value().copy());
      for (String version : of(stored)) {
        readable(stored, version).ifPresent(value -> values.add(value.copy()));
      }
    }
    return values;
  }
}
