package de.lifetimecircle.secrets.stress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one name promises, as a machine that does one operation at a time. Its state: the version
 * that the backend holds, and the floor, below which no reader may be served any more.
 *
 * <ul>
 *   <li>A read answers a version from the floor to what the backend holds, and raises the floor to
 *       it: an answer may be old, but no reader sees an older one after a newer one.
 *   <li>A put, by whomever, raises what the backend holds; not the floor, since nobody tells the
 *       cache, or not yet.
 *   <li>A put of our own then, before it ends, raises the floor to what it wrote: what was written
 *       is what is served next. Two steps, between which others may put and read.
 *   <li>A put of our own that fails raises the floor to what the backend held when it began: the
 *       cache cannot know what became of it, and asks anew.
 *   <li>A refresh is a read of something that the backend held when it began, or newer.
 *   <li>No answer is older than the age: it was still current that long before the read began.
 * </ul>
 *
 * <p>Versions are numbers in the order in which the backend took them.
 *
 * @param stored the version that the backend holds
 * @param floor the oldest version that may still be served
 */
record Register(int stored, int floor) {

  /** The state after the operation, or nothing if it cannot happen now. */
  @Nullable Register after(Operation op) {
    int version = op.version();
    return switch (op.kind()) {
      case READ, REFRESH ->
          Math.max(floor, op.least()) <= version && version <= stored
              ? new Register(stored, version)
              : null;
      case STORE -> version > stored ? new Register(version, floor) : null;
      case OVERTAKE -> version <= stored ? new Register(stored, Math.max(floor, version)) : null;
      case FORGET -> new Register(stored, Math.max(floor, op.least()));
    };
  }

  /** The same history, each operation with the oldest version that it may see. */
  static List<Operation> bounded(List<Operation> history, int first, long ageNanos) {
    TreeMap<Long, Integer> newestByEnd = new TreeMap<>();
    history.stream()
        .filter(op -> op.kind() == Operation.Kind.STORE)
        .sorted(Comparator.comparingLong(Operation::ended))
        .forEach(
            op ->
                newestByEnd.put(
                    op.ended(), Math.max(op.version(), newest(newestByEnd, op.ended(), first))));
    List<Operation> bounded = new ArrayList<>();
    for (Operation op : history) {
      long since = op.kind() == Operation.Kind.READ ? op.begun() - ageNanos : op.begun();
      int least = newest(newestByEnd, since - 1, first);
      bounded.add(new Operation(op.kind(), op.begun(), op.ended(), op.version(), least));
    }
    return bounded;
  }

  private static int newest(TreeMap<Long, Integer> newestByEnd, long at, int first) {
    var before = newestByEnd.floorEntry(at);
    return before == null ? first : before.getValue();
  }
}
