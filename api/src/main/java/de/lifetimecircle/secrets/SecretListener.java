package de.lifetimecircle.secrets;

/**
 * Gets events after they happened, on a thread of the provider's own.
 *
 * <p>May block, which delays later events of all names, and may throw, which is logged and changes
 * nothing else.
 */
@FunctionalInterface
public interface SecretListener {
  /** Called once for each event. */
  void onEvent(SecretEvent event);

  /** A listener's place with the provider; closing it ends the calls. */
  interface Registration extends AutoCloseable {
    /** Ends the calls; closing twice is harmless. */
    @Override
    void close();
  }
}
