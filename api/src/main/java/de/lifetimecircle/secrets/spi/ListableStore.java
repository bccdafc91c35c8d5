package de.lifetimecircle.secrets.spi;

import java.util.List;

/** A store that can list names; goes with {@link Capability#LIST}. */
public interface ListableStore extends SecretStore {
  /** The names that begin with the prefix, sorted by code point; deleted ones are left out. */
  List<String> list(String prefix);
}
