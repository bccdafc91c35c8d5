package de.lifetimecircle.secrets.springboot;

import java.util.Set;

/** Hears the exact names of the properties whose values changed with a secret. */
@FunctionalInterface
interface SecretPropertiesChanged {
  /** Called after the new values can be read, on a thread that may be blocked. */
  void changed(Set<String> properties);
}
