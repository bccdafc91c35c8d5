package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.audit.AlertFolder;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.Worded;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the hand-over messages for DevOps and SRE from the inventory and the store, without
 * values. They name nothing that a rotation changes, so a message stays true until the inventory or
 * the store of the secrets changes. Blocks for the backend; stateless.
 */
public final class Handover {
  /** The recipient of a message. */
  public enum To implements Worded {
    /** The team that deploys the service. */
    DEVOPS,
    /** The team that monitors the service. */
    SRE;

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
  public static String text(InventoryLocation site, StoreSnapshot store, To to, Language language) {
    return message(site, store, language, Optional.empty()).to(to);
  }

  /**
   * Returns the message with its date and the day of each next rotation, for a person to read now.
   * The record of a delivery has no dates, so that a rotation does not change it.
   *
   * @throws SecretException as {@link #text}
   */
  public static String dated(
      InventoryLocation site, StoreSnapshot store, To to, Language language, LocalDate today) {
    return message(site, store, language, Optional.of(today)).to(to);
  }

  /**
   * Returns the files of a folder to hand over, by name: the message, and what its recipient has to
   * apply. DevOps gets the policies, SRE the alerts and the runbook; no file has a value.
   *
   * @param today the day of the message
   * @param users the users of the roles, for DevOps
   * @throws SecretException as {@link #text}, {@link PolicyFolder#files} and {@link
   *     AlertFolder#files}
   */
  public static Map<String, String> files(
      InventoryLocation site,
      StoreSnapshot store,
      To to,
      Language language,
      LocalDate today,
      PolicyFolder.Users users) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("message.txt", dated(site, store, to, language, today));
    String environment = site.environment().name();
    String scheme = store.scheme();
    if (to == To.DEVOPS && AccessPolicy.BACKENDS.contains(scheme)) {
      PolicyFolder.files(
              site.inventory(), environment, GeneratedFile.audiences(site), scheme, users)
          .forEach((name, text) -> files.put("policies/" + name, text));
    }
    if (to == To.SRE) {
      files.put("runbook.md", Runbook.text(site, store, language));
      if (AlertDefinitions.BACKENDS.contains(scheme)) {
        AlertFolder.files(site.inventory(), environment, scheme, today)
            .forEach((name, text) -> files.put("alerts/" + name, text));
      }
    }
    return files;
  }

  /**
   * Records that the message was delivered, with a digest of its text.
   *
   * @param by the person who delivered it
   * @throws SecretException as {@link #text} and {@link ClaimLog#add}; {@code CONFLICT} if the
   *     message says that the service is not ready for deployment
   */
  public static void record(
      InventoryLocation site, StoreSnapshot store, To to, String by, InstantSource clock) {
    List<String> obstacles = obstacles(site, store, to);
    if (!obstacles.isEmpty()) {
      throw SecretException.of(
              SecretException.Kind.CONFLICT, "record the delivery of the message to")
          .name(to.word())
          .reason("it says that the service is not ready: " + String.join("; ", obstacles))
          .advice("Follow '" + site.command("status") + "', and deliver the new message then")
          .build();
    }
    String text = text(site, store, to, Language.ENGLISH);
    ClaimLog.of(site)
        .add(new ClaimLog.Entry(clock.instant(), by, to.record(), ClaimLog.digest(text)));
  }

  /**
   * Returns whether the message would be the same today.
   *
   * @throws SecretException as {@link #text}
   */
  public static boolean says(
      InventoryLocation site, StoreSnapshot store, To to, ClaimLog.Entry delivered) {
    // Compares in the language in which the message was delivered.
    String now = text(site, store, to, Language.ENGLISH);
    return delivered.digest().equals(ClaimLog.digest(now));
  }

  /**
   * Returns whether the message says that the service is ready; only such a one can be recorded as
   * delivered. The message to SRE says nothing about that.
   *
   * @throws SecretException as {@link #text}
   */
  public static boolean isReady(InventoryLocation site, StoreSnapshot store, To to) {
    return obstacles(site, store, to).isEmpty();
  }

  private static List<String> obstacles(InventoryLocation site, StoreSnapshot store, To to) {
    return to == To.DEVOPS
        ? message(site, store, Language.ENGLISH, Optional.empty()).obstacles()
        : List.of();
  }

  private static HandoverMessage message(
      InventoryLocation site, StoreSnapshot store, Language language, Optional<LocalDate> today) {
    return new HandoverMessage(
        site.inDocument(), store, LocalizedTexts.of(Handover.class, language), today);
  }
}
