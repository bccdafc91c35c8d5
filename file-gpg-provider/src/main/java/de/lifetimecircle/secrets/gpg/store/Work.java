package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;

/**
 * Work on a part of a store that its caller has opened, locked or verified.
 *
 * @param <A> the part, for example a root of the index or the view of one name
 * @param <T> the result
 * @param <E> a failure beside those of the disk and the store; none for most work
 */
@FunctionalInterface
interface Work<A, T, E extends Exception> {
  T on(A part) throws IOException, StoreProblem, E;
}
