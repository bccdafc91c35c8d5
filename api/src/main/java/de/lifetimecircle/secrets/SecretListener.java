package de.lifetimecircle.secrets;

/**
 * Gets events after they happened, one at a time, on a thread of the provider's own.
 *
 * <p>May take as long as it likes, for example to change a pool: that delays its own later events.
 * Four listeners are at work at once; if they hold up others for a second, those get threads of
 * their own, up to 64. Up to 10,000 events wait for one listener; then the oldest are dropped, with
 * a warning. May throw, which is logged and changes nothing else.
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
