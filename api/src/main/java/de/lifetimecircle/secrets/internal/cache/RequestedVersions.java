package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The versions of one name, besides the current one, that readers have asked for, so that a refresh
 * fetches only these. Safe for use by several threads.
 */
public final class RequestedVersions {
  private static final List<VersionSelector> ACCEPTED =
      List.of(
          VersionSelector.stage(Stage.CURRENT),
          VersionSelector.stage(Stage.PREVIOUS),
          VersionSelector.stage(Stage.PENDING));

  private static final int MOST = 32;

  private final Set<VersionSelector> selected = ConcurrentHashMap.newKeySet();
  private volatile boolean areAccepted;

  /** A reader asks for the versions that a verifier must accept. */
  public void wantAccepted() {
    areAccepted = true;
  }

  /**
   * A reader asks for that version; beyond a limit, each version is read only when a caller asks.
   */
  public void want(VersionSelector selector) {
    if (selected.size() < MOST) {
      selected.add(selector);
    }
  }

  /** Returns the versions that a verifier must accept, in order; empty if no caller has asked. */
  List<VersionSelector> accepted() {
    return areAccepted ? ACCEPTED : List.of();
  }

  Set<VersionSelector> selected() {
    return selected;
  }
}
