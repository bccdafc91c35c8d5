package de.lifetimecircle.secrets.internal.call;

/**
 * Room on the stack of a thread that is about to ask the backend. A stack that ends inside the JDK
 * leaves traces for the whole process: a class whose initializer it cuts off can never be used
 * again, a lock that it does not get to release stays taken. So the end comes here, where nothing
 * is held. A read from the cache needs no such room.
 */
public final class StackRoom {
  /** 90 KB in the interpreter, 20 KB compiled: a load needs a fifth of that in either. */
  private static final int FRAMES = 1000;

  private StackRoom() {}

  /**
   * Returns if there is room.
   *
   * @throws StackOverflowError if there is none
   */
  public static void require() {
    int unused = descend(FRAMES);
  }

  /** Adds to the result of the call, so that this is no call in the last place. */
  private static int descend(int frames) {
    return frames == 0 ? 0 : descend(frames - 1) + 1;
  }
}
