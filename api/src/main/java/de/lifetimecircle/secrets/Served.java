package de.lifetimecircle.secrets;

import org.jspecify.annotations.Nullable;

/**
 * What readers touch of an {@link Entry}. In a class above it, because a JVM lays out the fields of
 * a superclass first: so both lie beside the object's header, in the one cache line that a read
 * loads. Among the entry's other fields they lay in different lines, and a read of one of 10,000
 * names took 1.8 times a map lookup ({@code bench/run hot}).
 */
abstract class Served<T> {
  /** What a reader gets without asking anybody; null when there is something to decide first. */
  volatile @Nullable T served;

  /** Set by readers, cleared by the refresher; a lost update costs one refresh more or less. */
  boolean touched;
}
