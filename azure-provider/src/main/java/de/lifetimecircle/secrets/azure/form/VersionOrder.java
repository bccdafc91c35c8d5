package de.lifetimecircle.secrets.azure.form;

import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The order of versions, newest first: by the second in which the service created them, within one
 * second by our sequence tag, then by id. The service serves the version that it created last; if
 * two share the newest second, the store asks which one it serves. Stateless.
 */
public final class VersionOrder {
  private static final Comparator<SecretProperties> OLDEST_FIRST =
      Comparator.comparing(VersionOrder::created)
          .thenComparingLong(version -> Tags.sequence(version.getTags()))
          .thenComparing(SecretProperties::getVersion);

  private VersionOrder() {}

  /**
   * Sorts, newest first.
   *
   * @param served asks the service for the id of the version it serves; empty if it does not say
   */
  public static List<SecretProperties> sorted(
      List<SecretProperties> versions, Supplier<Optional<String>> served) {
    List<SecretProperties> sorted = new ArrayList<>(versions);
    sorted.sort(OLDEST_FIRST.reversed());
    if (sorted.size() > 1 && created(sorted.get(0)).equals(created(sorted.get(1)))) {
      served.get().flatMap(id -> find(sorted, id)).ifPresent(current -> toFront(sorted, current));
    }
    return sorted;
  }

  private static Optional<SecretProperties> find(List<SecretProperties> versions, String id) {
    return versions.stream().filter(version -> id.equals(version.getVersion())).findFirst();
  }

  private static void toFront(List<SecretProperties> versions, SecretProperties current) {
    versions.remove(current);
    versions.add(0, current);
  }

  /**
   * Returns the versions with their stages. A disabled version is never previous: the person who
   * disabled it wants no verifier to accept it any longer.
   */
  public static List<SecretVersion> staged(List<SecretProperties> sorted) {
    List<SecretVersion> versions = new ArrayList<>();
    for (SecretProperties version : sorted) {
      versions.add(
          new SecretVersion(
              version.getVersion(), created(version), stages(versions.size(), version)));
    }
    return versions;
  }

  private static Set<Stage> stages(int place, SecretProperties version) {
    if (place == 0) {
      return EnumSet.of(Stage.CURRENT);
    }
    return place == 1 && isEnabled(version)
        ? EnumSet.of(Stage.PREVIOUS)
        : EnumSet.noneOf(Stage.class);
  }

  /** Returns whether a version may be read: a missing flag counts as enabled. */
  public static boolean isEnabled(SecretProperties version) {
    return !Boolean.FALSE.equals(version.isEnabled());
  }

  /** Returns when a version was made; the epoch if the server does not say. */
  public static Instant created(SecretProperties version) {
    OffsetDateTime created = version.getCreatedOn();
    return created == null ? Instant.EPOCH : created.toInstant();
  }

  /** The highest sequence of all. */
  public static long sequence(List<SecretProperties> versions) {
    return versions.stream().mapToLong(version -> Tags.sequence(version.getTags())).max().orElse(0);
  }
}
