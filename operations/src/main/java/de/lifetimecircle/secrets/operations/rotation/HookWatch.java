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
   * @param said its last line of output so far, for a terminal only: the hook may print secrets of
   *     its own; empty if it has printed no line, or a value of this rotation
   */
  void runs(String hook, Duration took, Duration limit, String said);
}
