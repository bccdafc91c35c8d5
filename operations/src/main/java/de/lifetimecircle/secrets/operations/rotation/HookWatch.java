package de.lifetimecircle.secrets.operations.rotation;

import java.time.Duration;

/** Receives, each second, how far a hook is, on the thread that waits for it. */
@FunctionalInterface
public interface HookWatch {
  /** Ignores what it receives. */
  HookWatch NONE = (hook, took, limit, said) -> {};

  /**
   * Reports a hook that still runs.
   *
   * @param hook its step, such as {@code deploy}
   * @param took the time since it was started
   * @param limit the time after which it is stopped
   * @param said its last line of output so far, with every value that the hook may know hidden;
   *     empty if it has printed none
   */
  void runs(String hook, Duration took, Duration limit, String said);
}
