package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An emergency so far: its finished steps and its open risks, so that no message claims more. Does
 * not call the backend. Immutable.
 *
 * @param site the inventory
 * @param journal the steps so far
 * @param claim a person's description of the manual steps, which closes the risks that no program
 *     can close; usually empty
 */
record EmergencySituation(
    InventoryLocation site,
    AffectedSecrets targets,
    LocalizedTexts texts,
    EmergencyJournal journal,
    String claim) {
  /** The text that stands for a person's own words in advice. */
  static final String PLACEHOLDER = "hand.words";

  /** Returns it for a document, whose commands people paste beside the inventory. */
  EmergencySituation inDocument() {
    return new EmergencySituation(site.inDocument(), targets, texts, journal, claim);
  }

  EmergencySituation with(EmergencyJournal next) {
    return new EmergencySituation(site, targets, texts, next, claim);
  }

  EmergencySituation withoutClaim() {
    return new EmergencySituation(site, targets, texts, journal, "");
  }

  /** Returns whether it is a drill on a scratch store, which calls no hook. */
  boolean isDrill() {
    return journal.kind() == PostMortem.Kind.DRILL;
  }

  /** Returns all open risks; a drill has none, because it calls no hook. */
  List<OpenItem> open() {
    return isDrill()
        ? List.of()
        : Stream.of(EmergencyStep.values())
            .flatMap(step -> step.action().open(this).stream())
            .toList();
  }

  /** Returns how an emergency ends whose steps have all run. */
  EmergencyOutcome outcome() {
    if (!open().isEmpty()) {
      return EmergencyOutcome.NOT_DONE;
    }
    // A claim that closes nothing leaves the work to the programs.
    return journal.byHand().isEmpty()
            && journal.revoked().isEmpty()
            && withoutClaim().open().isEmpty()
        ? EmergencyOutcome.DONE
        : EmergencyOutcome.BY_HAND;
  }

  /** Returns the names in the store that have a new value. */
  List<String> replaced() {
    return targets.changed().stream()
        .filter(
            stored ->
                targets.rotated().stream()
                    .filter(journal::isRotated)
                    .anyMatch(target -> targets.changedBy(target).contains(stored)))
        .toList();
  }

  /** Returns whether only people can bring a new value to what a secret opens. */
  boolean isByHand(InventorySecret target) {
    return !isDrill() && target.lacksApply();
  }

  /** Returns whether a person supplies the new value; a part that a template makes never is one. */
  static boolean isSupplied(InventorySecret target) {
    return target.shape() == null;
  }

  boolean isSupplied(String stored) {
    return targets.rotated().stream()
        .anyMatch(target -> stored(target).equals(stored) && isSupplied(target));
  }

  /** Returns whether something beside the store accepts the value of a secret. */
  static boolean isAccepted(InventorySecret target) {
    return target.opens() != null || isSupplied(target);
  }

  /** Returns whether a hook has shown that what accepts a secret's old value now refuses it. */
  boolean isRefused(InventorySecret target) {
    return isAccepted(target) && journal.refused().contains(target.name());
  }

  /** Returns whether neither a hook nor a person has said that the old value is refused. */
  boolean isUnproved(InventorySecret target) {
    return isAccepted(target) && !isRefused(target) && !journal.revoked().contains(target.name());
  }

  /** Returns what accepts the value of a secret; of a supplied one, where people revoke it. */
  String acceptedBy(InventorySecret target) {
    String issuer = target.issuer();
    if (issuer != null) {
      return issuer;
    }
    return target.opens() == null ? text("issuer.none") : texts.opens(target);
  }

  String text(String key, Object... arguments) {
    return texts.text(key, arguments);
  }

  /** Returns a text about a secret and what it opens. */
  String text(String key, InventorySecret target) {
    return texts.text(key, stored(target), texts.opens(target));
  }

  String stored(InventorySecret target) {
    return site.environment().stored(target.name());
  }

  /** Returns the risk that a hook is missing, with the manual steps in its place. */
  OpenItem missing(String hook) {
    return item(text("open." + hook, targets.stored()), List.of(text("hand." + hook)));
  }

  /** Returns a risk; the last manual step is always the command that records the others. */
  OpenItem item(String summary, List<String> byHand) {
    List<String> steps = new ArrayList<>(byHand);
    // No quotes around the command, because the text that contains it has its own.
    String words = text(PLACEHOLDER);
    String command = journal.command() + " --resume --yes --by-hand '" + words + "'";
    steps.add(text("hand.done", words, site.command(command)));
    return new OpenItem(summary, steps);
  }
}
