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
 * The messages to those who take over: to who deploys, and to who watches. Written from the
 * inventory and the store, without a value. They name nothing that a rotation changes, so what was
 * handed over stays true until the inventory or the place of the secrets changes. Blocks for the
 * backend; stateless.
 */
public final class Handover {
  /** To whom. */
  public enum To {
    /** Who deploys the service. */
    DEVOPS,
    /** Who watches the service. */
    SRE;

    /** As the command line calls it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The word under which its delivery is recorded. */
    public String record() {
      return "handover-" + word();
    }
  }

  private Handover() {}

  /**
   * The message as text.
   *
   * @throws SecretException what the backend fails with when it is asked who it is
   */
  public static String text(
      InventoryLocation site, SecretProvider provider, To to, Language language) {
    return text(site, StoredStates.read(site, provider), to, language);
  }

  /**
   * Records that the message was delivered, with a digest of what it says.
   *
   * @param by who delivered it
   * @throws SecretException as {@link #text} and {@link AttestationLog#add}
   */
  public static void record(
      InventoryLocation site, SecretProvider provider, To to, String by, InstantSource clock) {
    AttestationLog.of(site)
        .add(
            new AttestationLog.Entry(clock.instant(), by, to.record(), digest(site, provider, to)));
  }

  /**
   * Whether the message would say the same today.
   *
   * @throws SecretException as {@link #text}
   */
  public static boolean says(
      InventoryLocation site, SecretProvider provider, To to, AttestationLog.Entry delivered) {
    return delivered.digest().equals(digest(site, provider, to));
  }

  /** Of one language, in whichever it was delivered. */
  private static String digest(InventoryLocation site, SecretProvider provider, To to) {
    return AttestationLog.digest(text(site, provider, to, Language.ENGLISH));
  }

  static String text(InventoryLocation site, StoredStates holdings, To to, Language language) {
    HandoverMessage message = new HandoverMessage(site, holdings, LocalizedTexts.of(Handover.class, language));
    return to == To.DEVOPS ? message.toDevops() : message.toSre();
  }
}
