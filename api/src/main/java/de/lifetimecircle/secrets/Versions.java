package de.lifetimecircle.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses among the versions of one secret. */
final class Versions {
  private Versions() {}

  /** The version that the selector means, in a list that is newest first. */
  static Optional<SecretVersion> pick(List<SecretVersion> versions, VersionSelector selector) {
    if (selector instanceof VersionSelector.ById byId) {
      return versions.stream().filter(v -> v.id().equals(byId.version())).findFirst();
    }
    if (selector instanceof VersionSelector.ByStage byStage) {
      return versions.stream().filter(v -> v.stages().contains(byStage.stage())).findFirst();
    }
    int back = ((VersionSelector.NthPrevious) selector).n();
    List<SecretVersion> served =
        versions.stream().filter(v -> !v.stages().contains(Stage.PENDING)).toList();
    for (int i = 0; i < served.size(); i++) {
      if (served.get(i).stages().contains(Stage.CURRENT)) {
        return i + back < served.size() ? Optional.of(served.get(i + back)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  static SecretException none(String name, String scheme, VersionSelector selector) {
    return SecretException.of(SecretException.Kind.VERSION_NOT_FOUND, "get a version of secret")
        .name(name)
        .scheme(scheme)
        .reason("it has no version for " + selector)
        .advice("List its versions to see which there are")
        .build();
  }

  /** The valid versions after a rotation: the new current one, and the ones known so far. */
  static List<Secret> withCurrent(Secret fresh, List<Secret> known) {
    if (known.get(0).version().equals(fresh.version())) {
      return known;
    }
    List<Secret> accepted = new ArrayList<>(known.size() + 1);
    accepted.add(fresh);
    known.stream().filter(s -> !s.version().equals(fresh.version())).forEach(accepted::add);
    return List.copyOf(accepted);
  }
}
