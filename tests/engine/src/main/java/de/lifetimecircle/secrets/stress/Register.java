package de.lifetimecircle.secrets.stress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The promises for one name, as a machine that does one operation at a time. Its state: the version
 * that the backend holds, and the floor, the oldest version that a reader may still get.
 *
 * <ul>
 *   <li>A read answers a version between the floor and the backend's version, and raises the floor
 *       to it: an answer may be old, but no reader sees an older one after a newer one.
 *   <li>A put by any writer raises the backend's version, but not the floor: the cache does not
 *       know of it, or not yet.
 *   <li>Before a put of our own ends, it also raises the floor to the version that it wrote: the
 *       next read serves that version. These are two steps, and others may put and read between
 *       them.
 *   <li>A put of our own that fails raises the floor to the version that the backend held when the
 *       put began: the cache cannot know whether it was written, and asks the backend again.
 *   <li>A refresh is a read of the version that the backend held when the refresh began, or of a
 *       newer one.
 *   <li>No answer is older than the age: it was still current at that time before the read began.
 * </ul>
 *
 * <p>Versions are numbers in the order in which the backend stored them.
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
