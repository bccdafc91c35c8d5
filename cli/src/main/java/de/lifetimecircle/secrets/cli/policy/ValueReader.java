package de.lifetimecircle.secrets.cli.policy;

import de.lifetimecircle.secrets.operations.policy.AccessPolicy;

/** A reader to whom an inventory grants secrets: the argument of {@code --for}. */
public enum ValueReader {
  /** The service itself. */
  SERVICE(AccessPolicy.Audience.SERVICE),
  /** A deployment. */
  CI(AccessPolicy.Audience.CI);

  private final AccessPolicy.Audience audience;

  ValueReader(AccessPolicy.Audience audience) {
    this.audience = audience;
  }

  /** Returns the receiver of permissions that it is. */
  public AccessPolicy.Audience audience() {
    return audience;
  }
}
