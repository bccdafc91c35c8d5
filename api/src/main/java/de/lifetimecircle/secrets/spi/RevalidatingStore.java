package de.lifetimecircle.secrets.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * A store that can tell more cheaply than by reading it that a secret has not changed. The pipeline
 * asks it when it refreshes a value that it holds.
 *
 * <pre>{@code
 * String held = "17"; // the version that the pipeline passes
 * String current = "17"; // from a request for the metadata alone
 * Optional<StoredSecret> answer =
 *     current.equals(held)
 *         ? Optional.empty()
 *         : Optional.of(new StoredSecret(SecretValue.of("s3cret"), current, Instant.EPOCH));
 * }</pre>
 */
public interface RevalidatingStore extends SecretStore {
  /**
   * Reads the current version unless it is still that one. The store decides whether asking first
   * saves anything; where it does not, it reads.
   *
   * @param name the name with the setting {@code prefix}
   * @param version the version that is held
   * @param created when it was made; {@link Instant#EPOCH} if the backend has not said. A version
   *     with the same id and another time is another one: the name was purged and put again
   * @param size the number of bytes that are held
   * @return the current version; empty if it is still the held one
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  Optional<StoredSecret> fetchUnless(String name, String version, Instant created, int size);
}
