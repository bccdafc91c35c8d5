package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces an exposed secret: rotates it at once and without grace, makes sure that no old value
 * stays valid, calls the hooks that deploy, end sessions and verify, and writes the post-mortem. A
 * journal without values, beside those of the rotations, lets anybody resume the emergency after a
 * failure or a crash.
 *
 * <p>Blocks for the backend, the hooks and the file system. Used by one thread. The caller closes
 * the writer, which must have local overrides off.
 */
public final class Emergency {
  /** The time limit, from the moment at which the exposure became known. */
  public static final Duration LIMIT = Duration.ofMinutes(30);

  /** The choice for an earlier emergency of the same secret that was not finished. */
  public enum Earlier {
    /** Resumes it if it began within a day; rejects an older one. */
    RECENT,
    /** Resumes it, however old it is. */
    RESUMED,
    /** Sets it aside and begins a new one. */
    SET_ASIDE
  }

  private final EmergencySettings settings;
  private final AffectedSecrets targets;
  private final EmergencyFolder folder;
  private final LocalizedTexts texts;

  Emergency(EmergencySettings settings) {
    this.settings = settings;
    this.targets = AffectedSecrets.of(settings.site(), settings.name());
    this.folder = new EmergencyFolder(settings.journal());
    this.texts = LocalizedTexts.of(Emergency.class, settings.language());
  }

  /**
   * Begins to set up an emergency.
   *
   * @param name the exposed secret, by its name in the inventory
   */
  public static EmergencySettings of(InventoryLocation site, String name, SecretWriter writer) {
    return EmergencySettings.of(site, name, writer);
  }

  /** Returns the word that marks each line of a drill. */
  public static String drillMark(Language language) {
    return LocalizedTexts.of(Emergency.class, language).text("drill.mark");
  }

  /**
   * Returns the plan of a new emergency, or the rest of an earlier one, for people; changes
   * nothing.
   *
   * @throws SecretException {@code CORRUPT} if the journal cannot be used, {@code CONFLICT} if an
   *     older emergency is not finished, {@code NOT_FOUND} if there is none to resume
   */
  public List<String> plan() {
    InventoryLocation site = settings.site();
    Optional<EmergencyJournal> open = begun(settings.clock().instant());
    EmergencyJournal journal = open.orElseGet(() -> EmergencyJournal.begin(settings, Map.of()));
    EmergencySituation seen = situation(journal);
    List<String> lines = new ArrayList<>();
    lines.add(texts.text("plan.title", targets.stored(), site.inventory().service()));
    if (open.isPresent()) {
      String began = EmergencyTimes.minute(site, journal.began());
      lines.add(texts.text("plan.resumed", journal.by(), began));
    }
    int number = 0;
    for (EmergencyStep step : EmergencyStep.values()) {
      number++;
      List<String> plan = step.action().plan(step, seen);
      String done = journal.done().contains(step) ? texts.text("plan.done") : "";
      lines.add(number + ". " + plan.get(0) + done);
      plan.stream().skip(1).forEach(risk -> lines.add("   " + risk));
    }
    return lines;
  }

  /** Returns whether it asks the listener for a new value, because nothing generates one. */
  public boolean asksForValue() {
    return settings.kind() != PostMortem.Kind.DRILL
        && targets.rotated().stream().anyMatch(EmergencySituation::isSupplied);
  }

  /**
   * Asks the listener, then runs or resumes the emergency. If the inventory lacks a hook, the other
   * steps are done, and the report lists what is open; the next call resumes there.
   *
   * @throws EmergencyStopped if a step failed; the next call resumes there
   * @throws SecretException {@code CONFLICT} if another process is running it, or an older one is
   *     not finished; {@code CORRUPT} if the journal cannot be used, {@code NOT_FOUND} if the store
   *     has no such secret, or there is none to resume
   */
  public EmergencyReport run() {
    settings.listener().asks(texts.text("plan.question"));
    try (NameLock held = folder.lock(targets.stored())) {
      NameLock unused = held;
      Optional<EmergencyJournal> open = begun(settings.clock().instant());
      try (NameLocks names = reserve()) {
        EmergencySituation seen = situation(open.orElseGet(this::begin));
        return new EmergencyRun(settings, folder, names, seen).run();
      }
    }
  }

  private EmergencySituation situation(EmergencyJournal journal) {
    return new EmergencySituation(settings.site(), targets, texts, journal, settings.byHand());
  }

  /** None of the versions that are valid now may be valid at the end. */
  private EmergencyJournal begin() {
    SecretProvider provider = settings.writer().provider();
    if (settings.kind() != PostMortem.Kind.DRILL) { // the store of a drill is made for it
      StorePlace.require(settings.site(), provider, targets.stored(), "begin the emergency of");
    }
    EmergencyJournal journal =
        EmergencyJournal.begin(settings, ExposedVersions.now(provider, targets.changed()));
    String time = EmergencyTimes.forFiles(settings.site(), settings.clock().instant());
    Optional<Path> unused = folder.files().setAside(targets.stored(), time);
    return journal;
  }

  /** Keeps rotations away from all names: none begins while the emergency looks at hooks. */
  private NameLocks reserve() {
    return NameLocks.ofEmergency(
        settings.inventory(),
        settings.site().environment().name(),
        settings.journal(),
        settings.signature(),
        targets.rotated().stream().map(InventorySecret::name).toList());
  }

  /** Returns the emergency to resume; empty if a new one begins. */
  private Optional<EmergencyJournal> begun(Instant now) {
    String command = settings.site().command(settings.command());
    String resume = settings.site().command(settings.command() + " --resume");
    String restart = settings.site().command(settings.command() + " --restart");
    Optional<EmergencyJournal> found =
        settings.earlier() == Earlier.SET_ASIDE
            ? Optional.empty()
            : folder.read(targets.stored(), restart);
    if (found.isEmpty() && !settings.byHand().isEmpty()) {
      throw refused(
          SecretException.Kind.NOT_FOUND,
          "record the manual steps of the emergency of",
          "none is open, so there are no manual steps yet",
          "Begin one with '" + command + "'; it lists them");
    }
    if (found.isEmpty() && settings.earlier() == Earlier.RESUMED) {
      throw refused(
          SecretException.Kind.NOT_FOUND,
          "resume the emergency of",
          "there is no journal of one in " + folder.files().folder(),
          "Begin one with '" + command + "', or name the folder of its journal with --journal");
    }
    found.ifPresent(open -> requireFitting(open, now, resume, restart));
    return found;
  }

  private void requireFitting(EmergencyJournal open, Instant now, String resume, String restart) {
    if (open.kind() != settings.kind()) { // the finished steps of a drill are not a real one's
      throw refused(
          SecretException.Kind.CONFLICT,
          "begin the emergency of",
          open.by()
              + " began one that is not finished, and "
              + (open.kind() == PostMortem.Kind.REAL ? "it is no drill" : "it is a drill"),
          "To set it aside, run '" + restart + "'");
    }
    if (settings.earlier() == Earlier.RECENT && open.isOld(now)) {
      throw refused(
          SecretException.Kind.CONFLICT,
          "begin the emergency of",
          open.by()
              + " began one on "
              + EmergencyTimes.minute(settings.site(), open.began())
              + ", more than a day ago, that is not finished",
          "If the secret was exposed again, run '"
              + restart
              + "'; to finish the old one, run '"
              + resume
              + "'");
    }
  }

  private SecretException refused(
      SecretException.Kind kind, String action, String reason, String advice) {
    return SecretException.of(kind, action)
        .name(targets.stored())
        .reason(reason)
        .advice(advice)
        .build();
  }
}
