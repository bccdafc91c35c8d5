package de.lifetimecircle.secrets.springboot;

import java.util.Set;

/** Hears the names of the properties that depend on a secret that changed. */
@FunctionalInterface
interface SecretPropertiesChanged {
  /** Called after the new values can be read, on a thread that may be blocked. */
  void changed(Set<String> properties);
}
