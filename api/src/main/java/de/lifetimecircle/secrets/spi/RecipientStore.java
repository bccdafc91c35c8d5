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
   * Lets one more read: encrypts every kept version anew.
   *
   * @param certificate the public certificate, binary or armored
   * @return its fingerprint
   */
  String addRecipient(byte[] certificate);

  /**
   * Shuts one out of what is written from now on, and encrypts every kept version anew. What that
   * one has read or copied stays known to it: rotate the values as well.
   */
  void removeRecipient(String fingerprint);
}
