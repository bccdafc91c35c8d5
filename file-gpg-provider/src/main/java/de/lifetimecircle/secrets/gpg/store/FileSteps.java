package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;

/** Told of every step on the disk before it is done; a test makes it fail there. */
@FunctionalInterface
public interface FileSteps {
  FileSteps NONE = (step, file) -> {};

  /** Before a step that changes the disk. */
  void before(String step, String file) throws IOException;

  /** Before a file is read. */
  default void beforeRead(String file) throws IOException {}
}
