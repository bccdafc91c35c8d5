package de.lifetimecircle.secrets.operations.rotation;

import java.util.List;
import java.util.Locale;

/** One step of a rotation, in the order in which they are done. */
public enum RotationStep {
  /** A rotation is begun: nothing stands in its way, and a new value is made or taken. */
  GENERATE,
  /** The new value is kept in the store, where no service is given it, and read back. */
  PENDING,
  /** The hook {@code apply} brings the new value to what it opens. */
  APPLY,
  /** The hook {@code test} tries the new value. */
  TEST,
  /** The new value is served. */
  PROMOTE,
  /** What templates make of it is served. */
  RENDER,
  /** The hook {@code deploy} lets the service take it. */
  DEPLOY,
  /** The hook {@code verify} says whether the service is well. */
  VERIFY,
  /** After the grace: the hook {@code retire} takes the old value's right away and tries it. */
  RETIRE;

  /** The steps that bring the old value back into service. */
  static final List<RotationStep> BACK = List.of(APPLY, TEST, PROMOTE, RENDER, DEPLOY, VERIFY);

  /** In small letters: the key of its hook in the inventory, where it has one. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
