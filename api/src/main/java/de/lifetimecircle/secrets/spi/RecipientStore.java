package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * A store whose secrets are encrypted to named recipients. Reached through {@link
 * de.lifetimecircle.secrets.SecretWriter#unwrap}.
 *
 * <pre>{@code
 * try (SecretWriter writer = SecretWriter.open()) {
 *   RecipientStore store = writer.unwrap(RecipientStore.class).orElseThrow();
 *   byte[] certificate = Files.readAllBytes(Path.of("colleague.asc"));
 *   String fingerprint =
 *       store.addRecipient(certificate, (done, total) -> System.out.println(done + "/" + total));
 *   System.out.println(fingerprint + " is one of " + store.recipients());
 * }
 * }</pre>
 *
 * <p>Every method blocks. A change of the recipients waits while another process writes, and fails
 * with {@code TIMEOUT} after its own time.
 */
public interface RecipientStore extends SecretStore {
  /**
   * Lists the recipients that can read the store.
   *
   * @return their fingerprints, in the order in which they were added
   */
  List<String> recipients();

  /**
   * Adds a recipient: encrypts every kept version again, for this certificate too.
   *
   * @param certificate the public certificate, binary or armored
   * @return its fingerprint, for {@link #removeRecipient(String)}
   * @throws de.lifetimecircle.secrets.SecretException {@code INVALID_VALUE} if the certificate
   *     cannot be used
   */
  String addRecipient(byte[] certificate);

  /**
   * Does the same as {@link #addRecipient(byte[])} and reports its progress. In a large store this
   * takes seconds or minutes; others can read and write meanwhile.
   *
   * @param certificate the public certificate, binary or armored
   * @param progress called on this thread; unused by a store that reports none
   * @return its fingerprint
   */
  default String addRecipient(byte[] certificate, RecipientProgress progress) {
    return addRecipient(certificate);
  }

  /**
   * Removes a recipient from all later writes, and encrypts every kept version again without it.
   * The holder of that key may have copied the values they could read, so rotate these as well.
   *
   * @param fingerprint as {@link #recipients} has it
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND} if no recipient has it,
   *     {@code CONFLICT} for the key that this process itself reads with
   */
  void removeRecipient(String fingerprint);

  /**
   * Does the same as {@link #removeRecipient(String)} and reports its progress. In a large store
   * this takes seconds or minutes; others can read and write meanwhile.
   *
   * @param fingerprint as {@link #recipients} has it
   * @param progress called on this thread; unused by a store that reports none
   */
  default void removeRecipient(String fingerprint, RecipientProgress progress) {
    removeRecipient(fingerprint);
  }

  /**
   * Looks for keys whose changes are accepted although they are not recipients. A removed recipient
   * may be one of them.
   *
   * @return one sentence for each key, with the remedy, for people; empty if there is none
   * @throws de.lifetimecircle.secrets.SecretException as {@link #check}
   */
  default List<String> signerFindings() {
    return List.of();
  }

  /**
   * Looks for unfinished parts of a change of recipients, and for kept versions that cannot be
   * read. Reads the file of every kept version and decrypts none; blocks for as long as that takes.
   *
   * @return one sentence for each, with the remedy, for people; empty if every kept version is
   *     encrypted to exactly the recipients of now
   * @throws de.lifetimecircle.secrets.SecretException as {@link #check}
   */
  default List<String> recipientFindings() {
    return List.of();
  }
}
