package de.lifetimecircle.secrets.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * A store that can tell more cheaply than by reading it that a secret has not changed. The pipeline
 * asks it when it refreshes a value that it holds.
 */
public interface RevalidatingStore extends SecretStore {
  /**
   * Reads the current version unless it is still that one. The store decides whether asking first
   * saves anything; where it does not, it reads.
   *
   * @param version the version that is held
   * @param created when it was made; {@link Instant#EPOCH} if the backend has not said. A version
   *     with the same id and another time is another one: the name was purged and put again
   * @param size the number of bytes that are held
   * @return empty if that version is current still
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  Optional<StoredSecret> fetchUnless(String name, String version, Instant created, int size);
}
