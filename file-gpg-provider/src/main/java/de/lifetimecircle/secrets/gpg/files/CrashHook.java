package de.lifetimecircle.secrets.gpg.files;

import java.io.IOException;

/** Runs before every step on the disk, so that a test can make that step fail. */
@FunctionalInterface
public interface CrashHook {
  /** Does nothing: the steps of every store outside tests. */
  CrashHook NONE = (step, file) -> {};

  /** Runs before a step that changes the disk. */
  void before(String step, String file) throws IOException;

  /** Runs before a file is read. */
  default void beforeRead(String file) throws IOException {}
}
