package de.lifetimecircle.secrets.spi;

import java.util.List;

/** A store that can list names; goes with {@link Capability#LIST}. */
public interface ListableStore extends SecretStore {
  /** The names that begin with the prefix, sorted by code point; deleted ones are left out. */
  List<String> list(String prefix);

  /**
   * Returns the same names, and asks for each page or folder through {@link ListProgress#part}.
   * Override it if a list takes several requests. The time that {@code timeout} gives a call begins
   * again with each answer, so a long list does not fail while the backend answers; and a request
   * that fails is retried alone.
   */
  default List<String> list(String prefix, ListProgress progress) {
    return list(prefix);
  }
}
