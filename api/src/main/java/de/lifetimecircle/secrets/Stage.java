package de.lifetimecircle.secrets;

/**
 * The part a version plays in a rotation. A version that plays none any more has no stage.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * Secret next = secrets.get("DB_PASSWORD", VersionSelector.stage(Stage.PENDING));
 * }</pre>
 */
public enum Stage {
  /** The version that is served. */
  CURRENT,
  /** The version that was served before; verifiers still accept it. */
  PREVIOUS,
  /** A version that is stored and not served yet. */
  PENDING
}
