package de.lifetimecircle.secrets.stress;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of a history's operations that the {@link Register} can follow and in which
 * each operation stands somewhere between its begin and its end.
 *
 * <p>The search of Wing and Gong: take any operation that nothing still undone has ended before, go
 * on from there, and come back when it leads nowhere. As in Lowe's algorithm, it remembers each
 * tried set of operations with the state after them, so that it searches no set twice. The time it
 * takes grows with the length of the history and, steeply, with how many operations overlap.
 */
final class Linearizer {
  /** A begin or an end, in a list that is linked both ways so that a pair can leave and return. */
  private static final class Point {
    final Operation op;
    final int index;
    final @Nullable Point end;
    @Nullable Point before;
    @Nullable Point after;

    Point(Operation op, int index, @Nullable Point end) {
      this.op = op;
      this.index = index;
      this.end = end;
    }

    long time() {
      return end != null ? op.begun() : op.ended();
    }

    void leave() {
      if (before != null) {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
    }

    void comeBack() {
      if (before != null) {
        before.after = this;
      }
      if (after != null) {
        after.before = this;
      }
    }
  }

  private record Tried(BitSet done, Register state) {}

  private record Step(Point begin, Register before) {}

  private final List<Operation> history;
  private final Point head = new Point(new Operation(Operation.Kind.READ, 0, 0, 0), -1, null);
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Set<Tried> tried = new HashSet<>();
  private BitSet done = new BitSet();
  private Register state;
  private int furthest = -1;
  private String obstacle = "";

  private Linearizer(List<Operation> history, Register first) {
    this.history = history;
    this.state = first;
    link();
  }

  /**
   * Why there is no such order.
   *
   * @return the empty text if there is one
   */
  static String objection(List<Operation> history, Register first) {
    return new Linearizer(history, first).search();
  }

  private void link() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      Point end = new Point(history.get(i), i, null);
      points.add(new Point(history.get(i), i, end));
      points.add(end);
    }
    // At the same time, begins come first: operations with equal times may have overlapped.
    points.sort(Comparator.comparingLong(Point::time).thenComparing(p -> p.end == null));
    Point last = head;
    for (Point point : points) {
      last.after = point;
      point.before = last;
      last = point;
    }
  }

  private String search() {
    Point point = head.after;
    while (head.after != null && point != null) {
      if (point.end == null) {
        point = goBack(point);
        if (point == null) {
          return obstacle;
        }
      } else {
        point = goOn(point, point.end) ? head.after : point.after;
      }
    }
    return "";
  }

  private boolean goOn(Point begin, Point end) {
    Register next = state.after(begin.op);
    if (next == null) {
      return false;
    }
    BitSet withIt = (BitSet) done.clone();
    withIt.set(begin.index);
    if (!tried.add(new Tried(withIt, next))) {
      return false;
    }
    steps.push(new Step(begin, state));
    done = withIt;
    state = next;
    begin.leave();
    end.leave();
    return true;
  }

  /** From the end of an operation that nothing could be put before; null when nothing is left. */
  private @Nullable Point goBack(Point blocking) {
    if (steps.size() > furthest) {
      furthest = steps.size();
      obstacle = describe(blocking);
    }
    if (steps.isEmpty()) {
      return null;
    }
    Step last = steps.pop();
    Point begin = last.begin();
    if (begin.end != null) {
      begin.end.comeBack();
    }
    begin.comeBack();
    done = (BitSet) done.clone();
    done.clear(begin.index);
    state = last.before();
    return begin.after;
  }

  private String describe(Point blocking) {
    String before =
        steps.stream().limit(6).map(s -> s.begin().op.toString()).collect(Collectors.joining(", "));
    return "after "
        + steps.size()
        + " of "
        + history.size()
        + " operations, in "
        + state
        + ", nothing fits before the end of "
        + blocking.op
        + "; the last before it, newest first: "
        + before;
  }
}
