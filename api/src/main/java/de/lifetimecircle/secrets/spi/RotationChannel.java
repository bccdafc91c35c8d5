package de.lifetimecircle.secrets.spi;

/**
 * A way through which one process tells others that a secret was rotated, such as a channel of
 * Redis. It carries names and versions, never a value, and it may lose messages: the provider polls
 * as well.
 *
 * <pre>{@code
 * BlockingQueue<String> wire = new LinkedBlockingQueue<>(); // a server in a real channel
 * RotationChannel channel =
 *     new RotationChannel() {
 *       @Override
 *       public void send(String message) {
 *         wire.add(message);
 *       }
 *
 *       @Override
 *       public void listen(RotationChannel.Receiver receiver) {
 *         receiver.connected();
 *         try {
 *           for (String text = wire.take(); !text.isEmpty(); text = wire.take()) {
 *             receiver.message(text);
 *           }
 *         } catch (InterruptedException e) {
 *           Thread.currentThread().interrupt();
 *         }
 *       }
 *
 *       @Override
 *       public void close() {
 *         wire.add(""); // ends listen
 *       }
 *     };
 * SecretProvider secrets = SecretProvider.builder().push(channel).build();
 * }</pre>
 *
 * <p>Safe for use by several threads: {@link #send} and {@link #close} are called while another
 * thread is in {@link #listen}. The provider reconnects by calling {@link #listen} again.
 */
public interface RotationChannel extends AutoCloseable {
  /**
   * Sends one message to every process that listens now. Blocks until the server has taken it.
   *
   * @param message a text of at most {@value RotationNotice#MAX_LENGTH} characters
   * @throws de.lifetimecircle.secrets.SecretException {@code UNAVAILABLE} or {@code
   *     UNAUTHENTICATED}, with a reason that shows neither a password nor the message
   */
  void send(String message);

  /**
   * Connects and passes on each message. Blocks until {@link #close} or until the connection
   * breaks; a connection that died without a word must be noticed within a minute.
   *
   * @param receiver hears of the connection first, then of each message
   * @throws de.lifetimecircle.secrets.SecretException as {@link #send}
   */
  void listen(Receiver receiver);

  /** Ends a running {@link #listen} and the connection; closing twice is harmless. */
  @Override
  void close();

  /** Takes what a channel brings. Its methods return at once and never throw. */
  interface Receiver {
    /** The connection stands: from now on, no message is lost until it breaks. */
    void connected();

    /**
     * A message has arrived. Any client of the channel may have sent it.
     *
     * @param text any content; the provider ignores a text that is no {@link RotationNotice}
     */
    void message(String text);
  }
}
