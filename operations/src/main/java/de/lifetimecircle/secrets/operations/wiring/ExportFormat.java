package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.inventory.Worded;

/** A format of values for another system. */
public enum ExportFormat implements Worded {
  /** A file {@code .env}, as python-dotenv reads it. */
  DOTENV,
  /** One object of JSON. */
  JSON,
  /** Lines for a POSIX shell to read with {@code .}. */
  SHELL,
  /** A folder with a file for each value, for {@code LoadCredential} of systemd. */
  SYSTEMD,
  /** A manifest of a Kubernetes Secret. */
  KUBERNETES,
  /** A file for {@code docker run --env-file}. */
  DOCKER_ENV;
}
