package de.lifetimecircle.secrets;

import org.jspecify.annotations.Nullable;

/**
 * What readers touch of an {@link Entry}. In a class above it, because a JVM lays out the fields of
 * a superclass first: so both lie beside the object's header. A read of one of 10,000 names still
 * takes 1.6 to 1.8 times a map lookup ({@code bench/run hot}), for the entry's line that a map does
 * not load.
 */
abstract class Served<T> {
  /** What a reader gets without asking anybody; null when there is something to decide first. */
  volatile @Nullable T served;

  /** Set by readers, cleared by the refresher; a lost update costs one refresh more or less. */
  boolean touched;
}
