package de.lifetimecircle.secrets.operations.renaming;

/**
 * A line of a file that has a name. Immutable.
 *
 * @param file the path relative to the folder of the search
 * @param line counted from 1
 */
public record NameMention(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
