package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of an emergency; each method with an argument returns a copy. Immutable.
 *
 * @param site the inventory and the environment
 * @param name the exposed secret, by its name in the inventory
 * @param writer the store
 * @param journal the folder of the journals, that of the rotations
 * @param who the person
 * @param clock the clock
 * @param language the language of the plan and of the post-mortem
 * @param knownFor for how long the exposure has been known
 * @param hookLimit how long a hook may run before it is killed
 * @param earlier the choice for an earlier emergency that was not finished
 * @param listener receives the steps
 * @param byHand how a person did by hand what no hook does; usually empty
 * @param kind real or a drill
 * @param scratch the store of a drill that has its own
 * @param began when the program was asked; reading the plan and answering count too
 */
public record EmergencySettings(
    InventoryLocation site,
    String name,
    SecretWriter writer,
    Path journal,
    String who,
    InstantSource clock,
    Language language,
    Duration knownFor,
    Duration hookLimit,
    Emergency.Earlier earlier,
    EmergencyListener listener,
    String byHand,
    PostMortem.Kind kind,
    Optional<EmergencyDrill> scratch,
    Instant began) {
  /** Shows people in the records who only practised. Programs read the kind of the emergency. */
  private static final String PRACTISED = " (drill)";

  static EmergencySettings of(InventoryLocation site, String name, SecretWriter writer) {
    return new EmergencySettings(
        site,
        name,
        writer,
        site.folder().resolve(Rotations.FOLDER),
        "unknown",
        InstantSource.system(),
        Language.ENGLISH,
        Duration.ZERO,
        Rotations.HOOK_LIMIT,
        Emergency.Earlier.RECENT,
        new EmergencyListener() {},
        "",
        PostMortem.Kind.REAL,
        Optional.empty(),
        Instant.EPOCH);
  }

  private EmergencySettings with(String component, Object value) {
    return RecordMapping.copy(this, EmergencySettings.class, Map.of(component, value));
  }

  /** Sets the folder of the journals, that of the rotations. */
  public EmergencySettings journal(Path folder) {
    return with("journal", folder);
  }

  /** Sets the name of the person for the journals, the rotation log and the post-mortem. */
  public EmergencySettings who(String person) {
    return with("who", person);
  }

  /** Sets the clock. */
  public EmergencySettings clock(InstantSource source) {
    return with("clock", source);
  }

  /** Sets the language of the plan and of the post-mortem. */
  public EmergencySettings language(Language spoken) {
    return with("language", spoken);
  }

  /** Sets for how long the exposure has been known; the time limit counts from there. */
  public EmergencySettings knownFor(Duration ago) {
    return with("knownFor", ago);
  }

  /** Sets how long a hook may run before it is killed. */
  public EmergencySettings hookLimit(Duration limit) {
    return with("hookLimit", limit);
  }

  /** Sets the choice for an earlier emergency that was not finished. */
  public EmergencySettings earlier(Emergency.Earlier what) {
    return with("earlier", what);
  }

  /**
   * Sets how a person did by hand what no hook does, and how the person verified it. The text is
   * recorded as a claim and closes the items that a missing hook left open: only in this run, only
   * of an earlier emergency, and only if nothing is replaced after it.
   */
  public EmergencySettings byHand(String word) {
    return with("byHand", word);
  }

  /** Sets the listener of the steps. */
  public EmergencySettings listener(EmergencyListener hearing) {
    return with("listener", hearing);
  }

  /** Makes the emergency a drill: it calls no hook, and the post-mortem says so. */
  public EmergencySettings drill(EmergencyDrill store) {
    return with("kind", PostMortem.Kind.DRILL)
        .with("scratch", Optional.of(store))
        .journal(store.journal());
  }

  /**
   * Makes the emergency a drill on the environment itself: everything happens there, and the
   * records say that it was a drill.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory does not allow it there
   */
  public EmergencySettings liveDrill() {
    if (site.environment().drills() != ServiceEnvironment.Drills.LIVE) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "practise with secret")
          .name(site.environment().stored(name))
          .reason(
              "a live drill changes the secrets of an environment and calls its hooks, and the"
                  + " inventory does not allow that in "
                  + site.environment().name())
          .advice(
              "Say 'drills: live' below an environment for practice, such as staging, or leave"
                  + " out --live")
          .build();
    }
    return with("kind", PostMortem.Kind.LIVE_DRILL);
  }

  /**
   * Builds the emergency; does not call the backend.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
   *     UNSUPPORTED} if only people know which part of it is secret, {@code INVALID_VALUE} if the
   *     text for {@code --by-hand} is still the placeholder of the advice
   */
  public Emergency build() {
    if (isPlaceholder(byHand.strip())) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "record the manual steps of")
          .name(name)
          .reason("'" + byHand.strip() + "' is a placeholder for your own words")
          .advice("Say how you saw that the old value is refused")
          .build();
    }
    return new Emergency(with("began", clock.instant()));
  }

  /** Another person may have pasted the advice in another language. */
  private static boolean isPlaceholder(String words) {
    return Stream.of(Language.values())
        .map(language -> LocalizedTexts.of(EmergencySettings.class, language))
        .anyMatch(texts -> texts.text(EmergencySituation.PLACEHOLDER).equalsIgnoreCase(words));
  }

  /** Returns the words that run this emergency, without the name of the program. */
  String command() {
    return command(name, kind);
  }

  /** Returns the words that run the emergency of a secret, without the name of the program. */
  static String command(String secret, PostMortem.Kind kind) {
    return "emergency " + secret + (kind == PostMortem.Kind.LIVE_DRILL ? " --drill --live" : "");
  }

  /** Returns the inventory of the store: that of a drill has only what it needs. */
  Inventory inventory() {
    return scratch.map(EmergencyDrill::inventory).orElse(site.inventory());
  }

  /** Returns the person as records show them. */
  String signature() {
    return kind == PostMortem.Kind.LIVE_DRILL ? who + PRACTISED : who;
  }

  /** Returns when the exposure became known. */
  Instant known() {
    return began.minus(knownFor);
  }
}
