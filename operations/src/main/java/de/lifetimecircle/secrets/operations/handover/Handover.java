package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.AttestationLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StoredStates;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Writes the hand-over messages for DevOps and SRE from the inventory and the store, without
 * values. They name nothing that a rotation changes, so a message stays true until the inventory or
 * the store of the secrets changes. Blocks for the backend; stateless.
 */
public final class Handover {
  /** The recipient of a message. */
  public enum To {
    /** The team that deploys the service. */
    DEVOPS,
    /** The team that monitors the service. */
    SRE;

    /** Returns the word on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the word under which a delivery is recorded. */
    public String record() {
      return "handover-" + word();
    }
  }

  private Handover() {}

  /**
   * Returns the message as text.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public static String text(
      InventoryLocation site, SecretProvider provider, To to, Language language) {
    return text(site, StoredStates.read(site, provider), to, language);
  }

  /**
   * Records that the message was delivered, with a digest of its text.
   *
   * @param by the person who delivered it
   * @throws SecretException as {@link #text} and {@link AttestationLog#add}
   */
  public static void record(
      InventoryLocation site, SecretProvider provider, To to, String by, InstantSource clock) {
    AttestationLog.of(site)
        .add(
            new AttestationLog.Entry(clock.instant(), by, to.record(), digest(site, provider, to)));
  }

  /**
   * Returns whether the message would be the same today.
   *
   * @throws SecretException as {@link #text}
   */
  public static boolean says(
      InventoryLocation site, SecretProvider provider, To to, AttestationLog.Entry delivered) {
    return delivered.digest().equals(digest(site, provider, to));
  }

  /** Compares in the language in which the message was delivered. */
  private static String digest(InventoryLocation site, SecretProvider provider, To to) {
    return AttestationLog.digest(text(site, provider, to, Language.ENGLISH));
  }

  static String text(InventoryLocation site, StoredStates holdings, To to, Language language) {
    HandoverMessage message =
        new HandoverMessage(site, holdings, LocalizedTexts.of(Handover.class, language));
    return to == To.DEVOPS ? message.toDevops() : message.toSre();
  }
}
