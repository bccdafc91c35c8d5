package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import de.lifetimecircle.secrets.SharedLoad.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one entry: at most one runs, and its answer counts only in the generation in which
 * it was created. A base of {@link Entry}, which decides when to load; guarded by that entry's
 * monitor. Only {@link #begin} and {@link #leave} are called outside.
 *
 * <p>Generations. A write raises the generation and forgets the running load. A load of an older
 * generation may not publish. Its waiters asked before the write ended: it gives them the answer of
 * a newer load if there is one, otherwise its own. Its own answer may be newer than the one the
 * newer load has read, and no reader may get an older one afterwards. A refresh overtakes loads in
 * the same way, and waits for another refresh.
 */
abstract class EntryLoads<T> extends EntrySchedule<T> {

  /** The load under way. */
  @Nullable SharedLoad<T> underWay;

  /** Raised whenever what is under way is too old to be published. */
  int generation;

  EntryLoads(EntryHost<T> host) {
    super(host);
  }

  /**
   * Begins what was made inside the monitor, now that it is left.
   *
   * @param answer what this thread got there
   */
  @Nullable Answer<T> leave(@Nullable Answer<T> answer) {
    if (answer != null) {
      var unused = answer.begin();
    }
    begin();
    return answer;
  }

  /** Begins the load under way; a look without the monitor shows at least what this thread made. */
  @Override
  void begin() {
    SharedLoad<T> made = underWay;
    if (made != null) {
      made.begin();
    }
  }

  /** The load under way is too old. */
  void overtake() {
    generation++;
    underWay = null;
  }

  /** A load has ended; returns whether it was made in this generation. */
  boolean isInTime(SharedLoad<T> landing) {
    if (underWay == landing) {
      underWay = null;
    }
    return landing.generation == generation;
  }

  /** The load under way, or one that is from now on. */
  SharedLoad<T> shared(Patience patience) {
    SharedLoad<T> load = underWay;
    return load != null ? load : make(patience);
  }

  /** Makes the load that is under way from now on. */
  abstract SharedLoad<T> make(Patience patience);
}
