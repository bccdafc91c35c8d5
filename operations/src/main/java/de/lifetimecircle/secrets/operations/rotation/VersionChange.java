package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.util.Map;

/**
 * One name that a rotation changes, with the ids of its versions. Immutable.
 *
 * @param name the name in the inventory
 * @param stored the name in the store
 * @param part the reason why it changes
 * @param old the version that was served when the rotation began
 * @param pending the version that keeps the new value until the promotion; empty before it exists
 * @param fresh the version that serves the new value; empty before the promotion
 * @param restored the version that serves the old value again; empty except after a rollback
 */
record VersionChange(
    String name,
    String stored,
    Part part,
    String old,
    String pending,
    String fresh,
    String restored) {
  /** The reason why a name changes in a rotation. */
  enum Part {
    /** The name is the rotated secret. */
    SECRET,
    /** The name has the user whose password is rotated. */
    USER,
    /** A template makes it from names that change. */
    TEMPLATE
  }

  /** Returns whether a template makes the name. */
  boolean isTemplate() {
    return part == Part.TEMPLATE;
  }

  VersionChange withOld(String version) {
    return copy("old", version);
  }

  VersionChange withPending(String version) {
    return copy("pending", version);
  }

  VersionChange withFresh(String version) {
    return copy("fresh", version);
  }

  VersionChange withRestored(String version) {
    return copy("restored", version);
  }

  private VersionChange copy(String component, String version) {
    return RecordMapping.copy(this, VersionChange.class, Map.of(component, version));
  }
}
