package de.lifetimecircle.secrets.spi;

/** Receives the progress of a list of many requests, on the thread that makes them. */
@FunctionalInterface
public interface ListProgress {
  /** Ignores the progress. */
  ListProgress NONE = () -> {};

  /** Reports that the backend has answered one of the requests. */
  void answered();
}
