package de.lifetimecircle.secrets.operations.wiring;

import java.util.Locale;

/** A format of values for another system. */
public enum ExportFormat {
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

  /** Returns its word on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
