package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Chooses among the versions of one secret. */
public final class VersionSelection {
  private VersionSelection() {}

  /** Whether the selector means the current version, in one of its two ways. */
  public static boolean isCurrent(VersionSelector selector) {
    return selector.equals(VersionSelector.current())
        || selector.equals(VersionSelector.previous(0));
  }

  /** The version that the selector means, in a list that is newest first. */
  static Optional<SecretVersion> pick(List<SecretVersion> versions, VersionSelector selector) {
    List<SecretVersion> served = new ArrayList<>();
    int current = -1;
    for (SecretVersion version : versions) {
      if (isMeant(version, selector)) {
        return Optional.of(version);
      }
      if (!version.stages().contains(Stage.PENDING)) {
        current = version.stages().contains(Stage.CURRENT) ? served.size() : current;
        served.add(version);
      }
    }
    return selector instanceof VersionSelector.NthPrevious previous
            && current >= 0
            && previous.n() < served.size() - current
        ? Optional.of(served.get(current + previous.n()))
        : Optional.empty();
  }

  private static boolean isMeant(SecretVersion version, VersionSelector selector) {
    return selector instanceof VersionSelector.ById byId
        ? version.id().equals(byId.version())
        : selector instanceof VersionSelector.ByStage byStage
            && version.stages().contains(byStage.stage());
  }

  /** The id of that version, which has to be there. */
  public static String id(
      List<SecretVersion> versions, VersionSelector selector, String name, String scheme) {
    Optional<SecretVersion> version = pick(versions, selector);
    if (version.isEmpty()) {
      throw none(name, scheme, selector);
    }
    return version.get().id();
  }

  public static SecretException none(String name, String scheme, VersionSelector selector) {
    return SecretException.of(SecretException.Kind.VERSION_NOT_FOUND, "get a version of secret")
        .name(name)
        .scheme(scheme)
        .reason("it has no " + words(selector))
        .advice("List its versions to see which there are")
        .build();
  }

  private static String words(VersionSelector selector) {
    if (selector instanceof VersionSelector.ByStage byStage) {
      return byStage.stage() + " version";
    }
    return selector instanceof VersionSelector.NthPrevious place
        ? "version " + place.n() + " before the current one"
        : "version with that id";
  }

  /** The list once that version has become the current one, as a put or a promotion leaves it. */
  static List<SecretVersion> withCurrent(
      Secret fresh, List<SecretVersion> known, Optional<SecretVersion> current) {
    List<SecretVersion> after = new ArrayList<>(known.size() + 1);
    boolean isKnown = false;
    for (SecretVersion version : known) {
      boolean isFresh = version.id().equals(fresh.version());
      isKnown |= isFresh;
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      if (isFresh) {
        stages.add(Stage.CURRENT);
      } else if (current.isPresent() && version.equals(current.get())) {
        stages.add(Stage.PREVIOUS);
      } else if (version.stages().contains(Stage.PENDING)) {
        stages.add(Stage.PENDING);
      }
      Instant created = isFresh ? fresh.created().orElse(version.created()) : version.created();
      after.add(new SecretVersion(version.id(), created, stages));
    }
    if (!isKnown) {
      after.add(
          0,
          new SecretVersion(fresh.version(), VersionHistory.created(fresh), Set.of(Stage.CURRENT)));
    }
    return List.copyOf(after);
  }

  /** The valid versions after a rotation: the new current one, and the ones known so far. */
  static List<Secret> withCurrent(Secret fresh, List<Secret> known) {
    Stream<Secret> others =
        known.stream().filter(secret -> !secret.version().equals(fresh.version()));
    return Stream.concat(Stream.of(fresh), others).toList();
  }
}
