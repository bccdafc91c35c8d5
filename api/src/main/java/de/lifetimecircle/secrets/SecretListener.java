package de.lifetimecircle.secrets;

/**
 * Gets events after they happened, one at a time, on a thread of the provider's own.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * SecretListener log = event -> System.out.println("Secret changed: " + event);
 * SecretListener.Registration place = secrets.onChange("DB_PASSWORD", log);
 * // ... until the pool of connections is closed:
 * place.close();
 * }</pre>
 *
 * <p>May take as long as it likes, for example to change a pool: that delays its own later events.
 * Four listeners are at work at once; if they hold up others for a second, those get threads of
 * their own, up to 64. Up to 10,000 events wait for one listener; then the oldest are dropped, with
 * a warning. May throw, which is logged and changes nothing else.
 */
@FunctionalInterface
public interface SecretListener {
  /**
   * Called once for each event, after {@link SecretProvider#get(String)} can read the change.
   *
   * @param event the change or failure; has the name and versions, no value
   */
  void onEvent(SecretEvent event);

  /** A listener's place with the provider; closing it ends the calls. */
  interface Registration extends AutoCloseable {
    /** Ends the calls; closing twice is harmless. */
    @Override
    void close();
  }
}
