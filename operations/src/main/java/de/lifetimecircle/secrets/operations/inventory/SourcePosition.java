package de.lifetimecircle.secrets.operations.inventory;

/**
 * A position in a file. Immutable.
 *
 * @param line counted from 1, as editors do
 * @param column counted from 1
 */
record SourcePosition(int line, int column) {
  static final SourcePosition START = new SourcePosition(1, 1);
}
