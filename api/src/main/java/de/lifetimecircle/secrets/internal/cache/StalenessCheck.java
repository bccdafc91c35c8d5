package de.lifetimecircle.secrets.internal.cache;

import org.jspecify.annotations.Nullable;

/** Whether an answer goes back behind one that was served, as that of a lagging replica. */
interface StalenessCheck {
  /**
   * Returns the served version that the answer seems to be older than, with the knowledge at the
   * time of the call.
   *
   * @return null if there is nothing to suspect
   */
  VersionHistory.@Nullable Version newerThan(VersionHistory.Version answer);
}
