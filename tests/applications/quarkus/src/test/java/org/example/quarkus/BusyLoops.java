package org.example.quarkus;

import java.util.ArrayList;
import java.util.List;

/** Threads that compute until they are closed, and leave other programs a share of the processors. */
final class BusyLoops implements AutoCloseable {
  private final List<Thread> loops = new ArrayList<>();
  private volatile boolean isOver;

  private BusyLoops() {}

  /** Starts that many. */
  static BusyLoops started(int count) {
    BusyLoops busy = new BusyLoops();
    for (int i = 0; i < count; i++) {
      Thread loop = new Thread(busy::compute, "busy-" + i);
      loop.setDaemon(true);
      loop.start();
      busy.loops.add(loop);
    }
    return busy;
  }

  private void compute() {
    while (!isOver) {
      Thread.onSpinWait();
    }
  }

  /** Returns how many compute. */
  long running() {
    return loops.stream().filter(Thread::isAlive).count();
  }

  @Override
  public void close() {
    isOver = true;
  }
}
