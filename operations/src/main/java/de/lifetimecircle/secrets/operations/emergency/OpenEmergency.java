package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An emergency that was begun and is not finished, read from its journal without calling the
 * backend. Immutable; holds no value.
 *
 * @param name the name of the secret in the store
 * @param kind real or a live drill
 * @param outcome how its last run ended, or that one is running
 * @param by the person who began it; empty if the journal cannot be read
 * @param title the emergency in words, such as {@code Emergency of prod/KEY}
 * @param detail its outcome in words, its person, its time, and the command that finishes it
 * @param command the command that finishes it; empty while it is running
 */
public record OpenEmergency(
    String name,
    PostMortem.Kind kind,
    EmergencyOutcome outcome,
    String by,
    String title,
    String detail,
    String command) {
  /**
   * Reads the journals of one environment in the usual folder; see {@link #in(Path,
   * InventoryLocation, Language)}.
   */
  public static List<OpenEmergency> in(InventoryLocation site, Language language) {
    return in(site.folder().resolve(Rotations.FOLDER), site, language);
  }

  /**
   * Reads the journals of one environment; blocks for the file system.
   *
   * @param journals the folder of the journals
   * @return the emergencies by their names; none if the folder does not exist
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be read
   */
  public static List<OpenEmergency> in(Path journals, InventoryLocation site, Language language) {
    EmergencyFolder folder = new EmergencyFolder(journals);
    List<OpenEmergency> open = new ArrayList<>();
    for (String stored : folder.open()) {
      if (isOf(site, stored)) {
        LocalizedTexts texts = LocalizedTexts.of(OpenEmergency.class, language);
        try {
          folder
              .read(stored, "") // empty if it has just ended
              .filter(file -> file.environment().equals(site.environment().name()))
              .ifPresent(file -> open.add(of(file, stored, folder.isRunning(stored), site, texts)));
        } catch (SecretException e) {
          boolean damaged = e.kind() == SecretException.Kind.CORRUPT && !folder.isRunning(stored);
          open.add(unreadable(e, stored, damaged, site, texts)); // which is open all the same
        }
      }
    }
    return open;
  }

  /** A prefix can be the beginning of another: the longest one that fits decides. */
  private static boolean isOf(InventoryLocation site, String stored) {
    String prefix = site.environment().prefix();
    return stored.startsWith(prefix)
        && site.inventory().environments().stream()
            .map(ServiceEnvironment::prefix)
            .noneMatch(other -> other.length() > prefix.length() && stored.startsWith(other));
  }

  private static OpenEmergency of(
      EmergencyJournal file,
      String stored,
      boolean running,
      InventoryLocation site,
      LocalizedTexts texts) {
    boolean real = file.kind() == PostMortem.Kind.REAL;
    EmergencyOutcome outcome = running ? EmergencyOutcome.RUNNING : file.outcome();
    String command = running ? "" : site.command(file.command() + " --resume");
    String title = texts.text("open-emergency.title", stored);
    return new OpenEmergency(
        stored,
        file.kind(),
        outcome,
        file.by(),
        real ? title : texts.text("drill.mark") + " " + title,
        texts.text(
            running ? "open-emergency.running" : "open-emergency.detail",
            outcome.words(PostMortem.Kind.REAL, texts),
            file.by(),
            EmergencyTimes.minute(site, file.began()),
            command),
        command);
  }

  /** A damaged one can be begun again; one of another account, or a running one, must not be. */
  private static OpenEmergency unreadable(
      SecretException why,
      String stored,
      boolean damaged,
      InventoryLocation site,
      LocalizedTexts texts) {
    String secret = stored.substring(site.environment().prefix().length());
    String words = EmergencySettings.command(secret, PostMortem.Kind.REAL) + " --restart";
    String command = damaged ? site.command(words) : "";
    return new OpenEmergency(
        stored,
        PostMortem.Kind.REAL,
        EmergencyOutcome.UNKNOWN,
        "",
        texts.text("open-emergency.title", stored),
        damaged
            ? texts.text(
                "open-emergency.unreadable",
                EmergencyOutcome.UNKNOWN.words(PostMortem.Kind.REAL, texts),
                command)
            : String.valueOf(why.getMessage()),
        command);
  }
}
