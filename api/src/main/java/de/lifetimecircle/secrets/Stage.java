package de.lifetimecircle.secrets;

/** The part a version plays in a rotation. */
public enum Stage {
  /** The version that is served. */
  CURRENT,
  /** The version that was served before; verifiers still accept it. */
  PREVIOUS,
  /** A version that is stored and not served yet. */
  PENDING
}
