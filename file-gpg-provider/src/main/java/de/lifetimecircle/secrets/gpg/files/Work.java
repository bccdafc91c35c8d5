package de.lifetimecircle.secrets.gpg.files;

import java.io.IOException;

/**
 * Work on a part of a store that its caller has opened, locked or verified.
 *
 * @param <A> the part, for example a root of the index or the view of one name
 * @param <T> the result
 */
@FunctionalInterface
public interface Work<A, T> {
  /** Does the work on that part. */
  T on(A part) throws IOException;
}
