package de.lifetimecircle.secrets.operations.inventory;

/**
 * A position in a file. Immutable.
 *
 * @param line counted from 1, as editors do
 * @param column counted from 1
 * @param index the code points before it
 */
record SourcePosition(int line, int column, int index) {
  static final SourcePosition START = new SourcePosition(1, 1, 0);
}
