package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * A store whose secrets are encrypted to named recipients. Reached through {@link
 * de.lifetimecircle.secrets.SecretWriter#unwrap}.
 */
public interface RecipientStore extends SecretStore {
  /** The fingerprints of all who can read the store, in the order in which they were added. */
  List<String> recipients();

  /**
   * Adds a recipient: encrypts every kept version again, for this certificate too.
   *
   * @param certificate the public certificate, binary or armored
   * @return its fingerprint
   */
  String addRecipient(byte[] certificate);

  /**
   * Does the same as {@link #addRecipient(byte[])} and reports its progress. In a large store this
   * takes seconds or minutes; others can read and write meanwhile.
   */
  default String addRecipient(byte[] certificate, RecipientProgress progress) {
    return addRecipient(certificate);
  }

  /**
   * Removes a recipient from all later writes, and encrypts every kept version again without it.
   * The holder of that key may have copied what they could read, so rotate the values as well.
   */
  void removeRecipient(String fingerprint);

  /**
   * Does the same as {@link #removeRecipient(String)} and reports its progress. In a large store
   * this takes seconds or minutes; others can read and write meanwhile.
   */
  default void removeRecipient(String fingerprint, RecipientProgress progress) {
    removeRecipient(fingerprint);
  }

  /**
   * Returns the keys whose changes are accepted although they are not recipients: one sentence for
   * each, with what to do, for people. A removed recipient may be one of them. Empty if there is
   * none.
   *
   * @throws de.lifetimecircle.secrets.SecretException as {@link #check}
   */
  default List<String> signerFindings() {
    return List.of();
  }

  /**
   * Returns the unfinished parts of a change of recipients, and each kept version that cannot be
   * read: one sentence for each, with the remedy, for people. Empty if every kept version is
   * encrypted to exactly the recipients of now. Reads the file of every kept version and decrypts
   * none; blocks for as long as that takes.
   *
   * @throws de.lifetimecircle.secrets.SecretException as {@link #check}
   */
  default List<String> recipientFindings() {
    return List.of();
  }
}
