package de.lifetimecircle.secrets.spi;

/**
 * Receives the progress of a change of the recipients, on the thread that makes the change. An
 * exception that it throws ends the call and leaves the change unfinished, as a crash does.
 *
 * <pre>{@code
 * RecipientProgress progress =
 *     (done, total) -> System.out.println(done + " of " + total + " secrets are encrypted");
 * }</pre>
 */
@FunctionalInterface
public interface RecipientProgress {
  /** Ignores the progress. */
  RecipientProgress NONE = (done, total) -> {};

  /**
   * Reports how many secrets are encrypted to the new recipients.
   *
   * @param done how many are encrypted so far, at most {@code total}
   * @param total how many secrets there were when the change began
   */
  void encrypted(long done, long total);

  /**
   * Reports how many secrets were found readable, which is checked before anything changes.
   *
   * @param done how many were checked so far, at most {@code total}
   * @param total how many secrets there were when the check began
   */
  default void checked(long done, long total) {}
}
