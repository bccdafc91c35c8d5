package de.lifetimecircle.secrets.operations.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value found where it must not be. Immutable; holds neither the value nor anything derived from
 * it.
 *
 * @param secret its name in the store
 * @param inventoryName its name in the inventory, for commands
 * @param versions the versions with that value, as ids with their stages
 * @param served whether one of them is current, previous or pending
 * @param encoding the form in which it was found, in words
 * @param place the file, or the path in a repository
 * @param line the line of the first find, starting at 1
 * @param count the number of finds there in that form
 * @param commit the commit in the history; null for a file
 */
public record FoundValue(
    String secret,
    String inventoryName,
    List<String> versions,
    Served served,
    String encoding,
    String place,
    long line,
    long count,
    @Nullable Commit commit) {

  /** Whether a value may still be accepted. */
  public enum Served {
    /** The value is current, previous or pending. */
    YES,
    /** The value is of an old version. */
    NO
  }

  /**
   * The commit that added a value. Immutable.
   *
   * @param id its id, or that of the object if no commit is known
   * @param author name and address; empty if no commit is known
   * @param date its date in ISO 8601; empty if no commit is known
   * @param paths some of the paths that the object has in the history
   */
  public record Commit(String id, String author, String date, List<String> paths) {
    /** Copies the paths. */
    public Commit {
      paths = List.copyOf(paths);
    }
  }

  /** Copies the versions. */
  public FoundValue {
    versions = List.copyOf(versions);
  }

  /** Returns the find with its commit. */
  FoundValue at(Commit known) {
    return new FoundValue(
        secret, inventoryName, versions, served, encoding, place, line, count, known);
  }
}
