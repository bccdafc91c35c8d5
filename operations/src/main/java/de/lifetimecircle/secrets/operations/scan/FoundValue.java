package de.lifetimecircle.secrets.operations.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that was found where it must not be. Immutable; holds neither the value nor anything made
 * from it.
 *
 * @param secret its name in the store
 * @param inventoryName its name in the inventory, which commands take
 * @param versions which versions have that value, as ids with their stages
 * @param served whether one of them is still accepted somewhere: current, previous or pending
 * @param encoding in what form it was found, in words
 * @param place the file, or the path in a repository
 * @param line the line of the first find, from 1
 * @param count how often it was found there in that form
 * @param commit where in the history; nothing for a file
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

  /** Whether a value still opens something. */
  public enum Served {
    /** It is current, previous or pending. */
    YES,
    /** It is an old version. */
    NO
  }

  /**
   * The commit that brought it in. Immutable.
   *
   * @param id its id, or that of the object where no commit is known
   * @param author name and address; empty where no commit is known
   * @param date when it was written, as ISO 8601; empty where no commit is known
   * @param paths every path that the object has in the history, a few of them
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

  /** The same find with what is known of its history. */
  FoundValue at(Commit known) {
    return new FoundValue(
        secret, inventoryName, versions, served, encoding, place, line, count, known);
  }
}
