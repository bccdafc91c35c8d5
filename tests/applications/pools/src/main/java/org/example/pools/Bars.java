package org.example.pools;

import java.util.ArrayList;
import java.util.List;

/** Collects the checks, and the ones that failed. Safe for use by several threads. */
final class Bars {
  private final List<String> broken = new ArrayList<>();
  private int held;

  synchronized void require(boolean holds, String what) {
    System.out.println((holds ? "holds: " : "BROKEN: ") + what);
    if (holds) {
      held++;
    } else {
      broken.add(what);
    }
  }

  synchronized int held() {
    return held;
  }

  synchronized List<String> broken() {
    return List.copyOf(broken);
  }
}
