package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.CallExecutor.Patience;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one entry: at most one is under way, and its answer counts only in the generation in
 * which it was made. Guarded by the entry's monitor; only {@link #begin} is called outside.
 *
 * <p>A load is made inside the monitor and begun after it was left, by the thread that made it: an
 * executor that a service gave may run the call at once, and no monitor is held while a backend is
 * asked. Another thread may find the load before it is begun, and waits for it as for any other.
 *
 * <p>Generations. A write raises the generation and forgets the load under way. A load made under
 * an older one may not publish. It answers those who wait for it, who asked before the write was
 * done, by what a newer load holds or brings, if there is one, and else by its own: that may be
 * newer than what the newer load has read, and nobody may be served less afterwards. A refresh
 * overtakes loads in the same way, and waits for another refresh.
 */
final class EntryLoads<T> {
  private final Entry<T> entry;

  /** The load under way. */
  @Nullable SharedLoad<T> underWay;

  /** Raised whenever what is under way is too old to be published. */
  private long generation;

  /** How many loads have ended. */
  private long landings;

  /** The first of the loads that were made and not begun. */
  private @Nullable SharedLoad<T> made;

  EntryLoads(Entry<T> entry) {
    this.entry = entry;
  }

  /**
   * How the loads stood at some time.
   *
   * @param underWay the load under way
   * @param generation the generation
   * @param landings how many had ended
   */
  record Mark<T>(@Nullable SharedLoad<T> underWay, long generation, long landings) {}

  Mark<T> mark() {
    return new Mark<>(underWay, generation, landings);
  }

  /** Whether no load was made or has ended since, and nothing was overtaken. */
  boolean isAsAt(Mark<T> mark) {
    return underWay == mark.underWay && generation == mark.generation && landings == mark.landings;
  }

  long generation() {
    return generation;
  }

  /** The load under way is too old. */
  void overtake() {
    generation++;
    underWay = null;
  }

  /** A load has ended; returns whether it was made in this generation. */
  boolean isInTime(SharedLoad<T> landing) {
    landings++;
    if (underWay == landing) {
      underWay = null;
    }
    return landing.generation == generation;
  }

  /** Makes the load that is under way from now on. */
  SharedLoad<T> make(
      Patience patience, Function<Patience, CallExecutor.Call<T>> load, ClockReading moment) {
    SharedLoad<T> answer = new SharedLoad<>(entry, load, patience, moment, generation, made);
    made = answer;
    underWay = answer;
    return answer;
  }

  /** Begins what this thread made. */
  void begin() {
    for (SharedLoad<T> next = take(); next != null; next = take()) {
      next.start();
    }
  }

  private @Nullable SharedLoad<T> take() {
    if (made == null) { // a look without the monitor, which shows at least what this thread made
      return null;
    }
    synchronized (entry) {
      SharedLoad<T> after = null;
      for (SharedLoad<T> each = made; each != null; each = each.madeBefore) {
        if (each.isOfThisThread()) {
          SharedLoad<T> before = each.madeBefore;
          if (after == null) {
            made = before;
          } else {
            after.madeBefore = before;
          }
          each.madeBefore = null;
          return each;
        }
        after = each;
      }
      return null;
    }
  }
}
