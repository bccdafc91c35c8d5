package de.lifetimecircle.secrets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The current versions that readers get without asking anybody, by name: all that a cached {@code
 * get} touches. What is in it is decided by the {@link Entry} of the name, inside its monitor.
 *
 * <p>An open-addressed table with linear probing. A {@code ConcurrentHashMap} leads over its node
 * to an entry and from there to the answer: two lines of memory more, and a check of the answer's
 * class, which is a third. With 10,000 names a read took 1.8 times as long as that of a bare map;
 * from an array of the answers' own type it takes no longer ({@code bench/run hot}).
 *
 * <p>Readers take no lock. They read the table, which is volatile, and the answer by an acquire
 * that pairs with the release of its writer; a name may be seen late or before its answer, and then
 * the reader asks the entry. A slot never gets another name. A larger table is filled before it is
 * published; who still reads the old one began before, and gets what was served then. Writers hold
 * this object's monitor, in which nothing else is locked or called.
 */
final class Published {
  private static final VarHandle ANSWER = MethodHandles.arrayElementVarHandle(Secret[].class);

  /**
   * 2^32 divided by the golden ratio, whose high bits spread the neighbouring hashes of names that
   * differ in their last digits (Knuth, The Art of Computer Programming, volume 3, section 6.4).
   */
  private static final int SPREAD = 0x9E3779B9;

  private static final int FEWEST = 16;

  private volatile Table table = new Table(FEWEST);

  /** How many slots have a name. */
  private int used;

  /** The answer; null if there is none. */
  @Nullable Secret get(String name) {
    Table now = table;
    return (Secret) ANSWER.getAcquire(now.answers, now.slotOf(name));
  }

  /** Replaces the answer of a name; null for none. */
  synchronized void put(String name, @Nullable Secret answer) {
    Table now = table;
    int slot = now.slotOf(name);
    if (now.names[slot] != null) {
      ANSWER.setRelease(now.answers, slot, answer);
    } else if (answer != null) {
      if (3 * ++used > now.names.length) {
        now = rebuilt(now);
      }
      now.add(name, answer);
      table = now; // also when it is the same: this write is what tells readers of the name
    }
  }

  /** How many slots there are. */
  int slots() {
    return table.names.length;
  }

  /**
   * Leaves out the names without an answer, and doubles the table unless that makes room enough.
   */
  private Table rebuilt(Table old) {
    used = 1; // the one that is to come
    for (Secret answer : old.answers) {
      used += answer == null ? 0 : 1;
    }
    Table next = new Table(6 * used > old.names.length ? 2 * old.names.length : old.names.length);
    for (int slot = 0; slot < old.names.length; slot++) {
      if (old.answers[slot] != null) {
        next.add(old.names[slot], old.answers[slot]);
      }
    }
    return next;
  }

  /** The slots; two thirds are free, since a look at a wrong one costs a comparison. */
  private static final class Table {
    final String[] names;
    final Secret[] answers;
    private final int shift;

    /** Makes a table of so many slots, a power of two. */
    Table(int slots) {
      names = new String[slots];
      answers = new Secret[slots];
      shift = Integer.numberOfLeadingZeros(slots) + 1;
    }

    /** Where a name is, or would come. */
    int slotOf(String name) {
      int slot = (name.hashCode() * SPREAD) >>> shift;
      return name.equals(names[slot]) ? slot : slotOf(name, slot);
    }

    /** Apart from the first look, so that what nearly every read does stays small. */
    private int slotOf(String name, int from) {
      int slot = from;
      while (names[slot] != null && !names[slot].equals(name)) {
        slot = (slot + 1) & (names.length - 1);
      }
      return slot;
    }

    void add(String name, Secret answer) {
      int slot = slotOf(name);
      ANSWER.setRelease(answers, slot, answer);
      names[slot] = name;
    }
  }
}
