package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the risks that remain because a hook is missing, so that no message claims they are gone.
 * Does not call the backend. Used by one thread.
 */
record OpenItems(InventoryLocation site, AffectedSecrets targets, LocalizedTexts texts) {
  /** The hooks without which processes and sessions keep using the exposed value. */
  private static final List<String> NEEDED = List.of("deploy", "invalidate-sessions");

  /** The placeholder in the advice for a person's own words. */
  static final String PLACEHOLDER = "HOW YOU SAW IT";

  /**
   * Returns all open risks.
   *
   * @param word a person's claim, which closes those that no program can close; usually empty
   */
  List<OpenItem> of(EmergencyJournal journal, String word) {
    List<OpenItem> open = new ArrayList<>();
    String command = journal.command();
    for (InventorySecret target : targets.rotated()) {
      if (!journal.rotated().contains(target.name())) {
        open.add(unrotated(target, command));
      } else if (word.isEmpty() && isUnproved(journal, target)) {
        open.add(new OpenItem(text("open.unproved", target), List.of(byHandCommand(command))));
      }
    }
    if (word.isEmpty()) {
      NEEDED.forEach(hook -> missing(hook, command).ifPresent(open::add));
    }
    return open;
  }

  /** Returns how an emergency ends whose steps have all run. */
  EmergencyOutcome outcome(EmergencyJournal journal, String word) {
    if (!of(journal, word).isEmpty()) {
      return EmergencyOutcome.NOT_DONE;
    }
    // A claim that closes nothing leaves the work to the programs.
    return journal.byHand().isEmpty() && of(journal, "").isEmpty()
        ? EmergencyOutcome.DONE
        : EmergencyOutcome.BY_HAND;
  }

  /** Returns the risks that the plan already knows. */
  List<String> foreseen() {
    List<String> lines = new ArrayList<>();
    for (InventorySecret target : targets.rotated()) {
      if (target.lacksApply()) {
        lines.add(text("plan.unrotated", target));
      } else if (target.opens() != null && !target.hooks().containsKey("retire")) {
        lines.add(text("plan.unproved", target));
      }
    }
    if (lacks("deploy")) {
      lines.add(texts.text("plan.deploy.none"));
    }
    return lines;
  }

  static boolean isUnproved(EmergencyJournal journal, InventorySecret target) {
    return target.opens() != null && !journal.refused().contains(target.name());
  }

  private String text(String key, InventorySecret target) {
    return texts.text(key, stored(target), String.valueOf(target.opens()));
  }

  private String stored(InventorySecret target) {
    return site.environment().stored(target.name());
  }

  private boolean lacks(String hook) {
    if (hook.equals("deploy")) { // each is rotated with its own
      return targets.rotated().stream()
          .anyMatch(each -> !each.hooks().containsKey(hook) && !each.declined().containsKey(hook));
    }
    return targets.programs(hook).isEmpty()
        && targets.rotated().stream().noneMatch(each -> each.declined().containsKey(hook));
  }

  private Optional<OpenItem> missing(String hook, String command) {
    if (!lacks(hook)) {
      return Optional.empty();
    }
    return Optional.of(
        new OpenItem(
            texts.text("open." + hook, targets.stored()),
            List.of(texts.text("hand." + hook), byHandCommand(command))));
  }

  /** Advises to add the hook or, if there is no time for that, to do its work by hand. */
  private OpenItem unrotated(InventorySecret target, String command) {
    String again = site.command(command + " --resume");
    List<String> steps = new ArrayList<>();
    Optional<InventorySecret> url =
        site.secrets().stream()
            .filter(other -> other.isDatabaseUrl() && isMadeOf(other, target))
            .findFirst();
    steps.add(
        url.isPresent()
            ? texts.text(
                "hand.hook.database", site.file(), target.name(), again, site.writingHooks())
            : texts.text("hand.hook", site.file(), target.name(), again));
    steps.add(
        url.isPresent()
            ? texts.text("hand.database")
            : texts.text("hand.open", "" + target.opens()));
    steps.add(texts.text("hand.set", site.command("put " + target.name())));
    for (InventorySecret other : site.secrets()) {
      if (other.template() != null && isMadeOf(other, target)) {
        steps.add(texts.text("hand.set", site.command("generate " + other.name() + " --force")));
      }
    }
    List<List<String>> deploys = targets.programs("deploy");
    steps.add(
        deploys.isEmpty()
            ? texts.text("hand.deploy")
            : texts.text("hand.run", EmergencyPlan.shown(deploys)));
    steps.add(byHandCommand(command));
    return new OpenItem(text("open.unrotated", target), steps);
  }

  private boolean isMadeOf(InventorySecret whole, InventorySecret target) {
    return targets.changedBy(target).contains(stored(whole));
  }

  /** Has no quotes around it, because the text that contains it has its own. */
  private String byHandCommand(String command) {
    return texts.text(
        "hand.done",
        PLACEHOLDER,
        site.command(command + " --resume --by-hand '" + PLACEHOLDER + "'"));
  }
}
