package de.lifetimecircle.secrets;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What readers have asked for of one name besides its current version, so that a refresh brings
 * that and no more. Safe for use by several threads.
 */
final class WantedVersions {
  private static final List<VersionSelector> ACCEPTED =
      List.of(
          VersionSelector.stage(Stage.CURRENT),
          VersionSelector.stage(Stage.PREVIOUS),
          VersionSelector.stage(Stage.PENDING));

  private static final int MOST = 32;

  private final Set<VersionSelector> selected = ConcurrentHashMap.newKeySet();
  private volatile boolean areAccepted;

  /** Somebody asks what a verifier must accept. */
  void wantAccepted() {
    areAccepted = true;
  }

  /** Somebody asks for that version; beyond a number of them each is read when it is asked for. */
  void want(VersionSelector selector) {
    if (selected.size() < MOST) {
      selected.add(selector);
    }
  }

  /** What a verifier must accept, in its order; nothing if nobody has asked. */
  List<VersionSelector> accepted() {
    return areAccepted ? ACCEPTED : List.of();
  }

  Set<VersionSelector> selected() {
    return selected;
  }
}
