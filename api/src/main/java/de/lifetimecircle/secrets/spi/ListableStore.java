package de.lifetimecircle.secrets.spi;

import java.util.List;

/** A store that can list names; goes with {@link Capability#LIST}. */
public interface ListableStore extends SecretStore {
  /** The names that begin with the prefix, sorted by code point; deleted ones are left out. */
  List<String> list(String prefix);

  /**
   * Returns the same names, and reports each answer of the backend on the way. Override it if a
   * list takes a request for each page or folder: the time that {@code timeout} gives a call begins
   * again with each report, so a long list does not fail while the backend answers.
   */
  default List<String> list(String prefix, ListProgress progress) {
    return list(prefix);
  }
}
