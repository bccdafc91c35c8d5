package de.lifetimecircle.secrets.gpg;

import java.io.IOException;

/** Told of every step that changes the disk, before it is done; a test makes it fail there. */
@FunctionalInterface
interface FileSteps {
  FileSteps NONE = (step, file) -> {};

  void before(String step, String file) throws IOException;
}
