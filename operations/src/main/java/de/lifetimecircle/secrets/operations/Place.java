package de.lifetimecircle.secrets.operations;

/**
 * Where something stands in a file. Immutable.
 *
 * @param line counted from 1, as editors do
 * @param column counted from 1
 */
record Place(int line, int column) {
  static final Place START = new Place(1, 1);
}
