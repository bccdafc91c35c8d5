package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of one rotation whose names are locked. Each step can be repeated after a crash in
 * the middle of it; the journal is written after each step. Used by one thread.
 */
final class RotationRun {
  private final RotationScope inventory;
  private final RotationJournalWriter records;
  private final HookInvoker hook;
  private final SecretWriter writer;
  private final SecretProvider provider;
  private final PendingStore place;
  private RotationJournal journal;
  private @Nullable SecretValue fresh;
  private RotationReport.OldValue oldValue = RotationReport.OldValue.NOT_TRIED;

  /** Prepares a run; {@code fresh} is the new value if this process has it. */
  RotationRun(
      RotationScope inventory,
      RotationJournalWriter records,
      HookInvoker hook,
      SecretWriter writer,
      RotationJournal journal,
      @Nullable SecretValue fresh) {
    this.inventory = inventory;
    this.records = records;
    this.hook = hook;
    this.writer = writer;
    this.provider = writer.provider();
    this.place = PendingStore.of(writer);
    this.journal = journal;
    this.fresh = fresh;
  }

  private InventorySecret secret(String name) {
    return inventory.secret(name);
  }

  // ---- the way forward

  /** Runs the remaining steps; stops before {@link RotationStep#RETIRE} until the grace ends. */
  RotationReport forward() {
    for (RotationStep step : RotationStep.values()) {
      if (journal.isDone(step) && !isWanted(step)) {
        continue;
      }
      if (step == RotationStep.RETIRE && inGrace()) {
        requireServed(RotationStep.VERIFY);
        return journal.report(RotationReport.Outcome.WAITING);
      }
      step(step);
    }
    requireServed(RotationStep.RETIRE);
    return finish();
  }

  /** Reports no success while the system that the secret opens has another value than the store. */
  private void requireServed(RotationStep last) {
    if (journal.given() != RotationJournal.Given.NOTHING) {
      try {
        situation().requireUnmoved();
      } catch (SecretException e) {
        throw stopped(last, e);
      }
    }
  }

  private RotationSituation situation() {
    return new RotationSituation(inventory, records, journal, writer);
  }

  private boolean inGrace() {
    return journal.retireAt().filter(records.now()::isBefore).isPresent();
  }

  private RotationReport finish() {
    records.end(journal, LogEntry.Event.FINISHED, "");
    return journal.report(RotationReport.Outcome.FINISHED, oldValue);
  }

  /**
   * Returns whether a hook was added after its step; it then runs before the old value is retired.
   */
  private boolean isWanted(RotationStep step) {
    return journal.idle().contains(step)
        && (step == RotationStep.APPLY || step == RotationStep.TEST)
        && acts(step);
  }

  /** Ends the grace now, so that the old value can be retired. */
  void endGrace() {
    journal = records.record(journal.retiringAt(records.now()));
  }

  /** Runs a step. A step with nothing to do is not reported, so that no line claims it was done. */
  private void step(RotationStep step) {
    boolean acts = acts(step);
    tell(acts, step, RotationListener.Moment.BEFORE);
    try {
      if (step == RotationStep.PROMOTE || HookInvoker.isThere(secret(journal.secret()), step)) {
        situation().requireUnmoved();
      }
      effect(step);
    } catch (SecretException | HookInvoker.Failed e) {
      throw stopped(step, e);
    }
    tell(acts, step, RotationListener.Moment.DONE);
    journal = records.record(acts ? journal.without(step).with(step) : journal.idle(step));
    if (acts) {
      records.log(journal, LogEntry.Event.DONE, Optional.of(step), "");
    }
    tell(acts, step, RotationListener.Moment.RECORDED);
  }

  private void tell(boolean acts, RotationStep step, RotationListener.Moment moment) {
    if (acts) {
      records.listener().at(journal.stored(), step, moment);
    }
  }

  /** Returns whether a step has anything to do. */
  private boolean acts(RotationStep step) {
    return switch (step) {
      case APPLY, TEST, DEPLOY, VERIFY -> HookInvoker.isThere(secret(journal.secret()), step);
      case RENDER -> journal.changes().stream().anyMatch(VersionChange::isTemplate);
      default -> true;
    };
  }

  private boolean isBack() {
    return journal.direction() == RotationJournal.Direction.BACK;
  }

  private void effect(RotationStep step) {
    switch (step) {
      case GENERATE -> {} // the journal was begun
      case PENDING -> keep();
      case APPLY, TEST -> withValues(step, journal.direction());
      case PROMOTE -> journal = isBack() ? restored() : promoted();
      case RENDER ->
          journal =
              isBack()
                  ? templates(c -> c.withRestored(restoreTemplate(c)))
                  : templates(c -> c.withFresh(serveTemplate(c)));
      case DEPLOY -> {
        journal.changes().forEach(place::clear);
        withNames(step);
      }
      case VERIFY -> withNames(step);
      case RETIRE -> retire();
    }
  }

  /** Stores the pending values, the secret's first, because templates need it. */
  private void keep() {
    Map<String, SecretValue> values = new LinkedHashMap<>();
    List<VersionChange> kept = new ArrayList<>();
    try {
      for (VersionChange change : journal.changes()) {
        SecretValue value = pendingValue(change, values);
        values.put(change.name(), value);
        inventory.refuseBroken(secret(change.name()), value);
        String version = place.keep(change.stored(), journal.rotation(), journal.by(), value);
        kept.add(readBack(change.withPending(version), value));
      }
    } finally {
      values.values().forEach(SecretValue::close);
    }
    journal = journal.with(kept);
  }

  /** Reads a pending value back: only a valid value that the backend returns may be applied. */
  private VersionChange readBack(VersionChange change, SecretValue value) {
    try (SecretValue read = place.value(change)) {
      inventory.refuseBroken(secret(change.name()), read);
      if (!read.equals(value)) {
        throw SecretException.of(SecretException.Kind.CORRUPT, "read back the new value of")
            .name(change.stored())
            .reason("the backend returned another value than the stored one")
            .advice("See '" + inventory.inventory().storeCommand("doctor") + "'")
            .build();
      }
    }
    return change;
  }

  private SecretValue pendingValue(VersionChange change, Map<String, SecretValue> values) {
    return switch (change.part()) {
      case SECRET -> secretValue(change);
      case USER -> nextUser(change);
      case TEMPLATE -> rendered(change, values);
    };
  }

  /**
   * Returns the new value. One that a crash left in the store is used again, because a hook may
   * already know it.
   */
  private SecretValue secretValue(VersionChange change) {
    Optional<String> left = place.kept(change.stored(), journal.rotation());
    if (left.isPresent()) {
      return place.value(change.withPending(left.get()));
    }
    SecretValue made = fresh;
    return made != null ? made.copy() : inventory.newValue(secret(change.name()), records.random());
  }

  private SecretValue nextUser(VersionChange change) {
    RotationRule.Alternate alternate = secret(journal.secret()).alternate();
    if (alternate == null) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "continue the rotation of")
          .name(journal.stored())
          .reason("the inventory no longer says which users take turns")
          .advice("Put rotation.alternate back")
          .build();
    }
    List<String> users = alternate.users();
    String now = provider.get(change.stored(), Duration.ZERO).asString();
    int at = users.indexOf(now);
    if (at < 0) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "choose the next user for")
          .name(journal.stored())
          .reason("the user in '" + change.stored() + "' is not one of those that take turns")
          .advice("Correct rotation.alternate.users in the inventory, or set that user")
          .build();
    }
    return SecretValue.of(users.get((at + 1) % users.size()));
  }

  private SecretValue rendered(VersionChange change, Map<String, SecretValue> values) {
    Template template = secret(change.name()).template();
    if (template == null) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "put together secret")
          .name(change.stored())
          .reason("the inventory no longer has a template for it")
          .advice("Put the template back")
          .build();
    }
    Map<String, SecretValue> parts = new LinkedHashMap<>();
    for (String part : template.parts()) {
      SecretValue changed = values.get(part);
      parts.put(
          part,
          changed != null
              ? changed
              : provider.get(inventory.stored(part), Duration.ZERO).value()); // not a cached one
    }
    return template.render(parts);
  }

  private void withValues(RotationStep step, RotationJournal.Direction direction) {
    InventorySecret secret = secret(journal.secret());
    if (HookInvoker.isThere(secret, step)) {
      try (RotationValues values = RotationValues.read(journal, inventory, provider, place)) {
        if (direction == RotationJournal.Direction.FORWARD) {
          call(
              step,
              RotationJournal.Given.NEW,
              () -> hook.run(step, secret, journal, values, values.old, values.fresh));
        } else {
          call(
              step,
              RotationJournal.Given.OLD,
              () -> hook.run(step, secret, journal.back(), values, values.fresh, values.old));
        }
      }
    }
  }

  /** Calls a hook between two entries of the journal, so that a crash in it leaves the first. */
  private void call(RotationStep step, RotationJournal.Given gives, Runnable called) {
    journal = records.record(journal.calling(step));
    try {
      called.run();
    } catch (SecretException | HookInvoker.Failed e) {
      journal = records.record(journal.ended());
      throw e;
    }
    journal = (step == RotationStep.APPLY ? journal.given(gives) : journal).ended();
  }

  /** Calls a hook without values; it must not print one either. */
  private void withNames(RotationStep step) {
    InventorySecret secret = secret(journal.secret());
    if (HookInvoker.isThere(secret, step)) {
      try (RotationValues values = RotationValues.readable(journal, inventory, provider)) {
        call(
            step,
            journal.given(),
            () -> hook.run(step, secret, journal, Map.of(), values.secret()));
      }
    }
  }

  /**
   * Retires the old value: first calls the hook, which gets that value. If the value can no longer
   * be read, an earlier run crashed after the retirement and before its line in the journal.
   */
  private void retire() {
    if (situation().oldIsServed()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "retire the old value of secret")
          .name(journal.stored())
          .reason("another writer restored it without this rotation")
          .advice("Its user and templates must be restored too")
          .build();
    }
    try {
      withValues(RotationStep.RETIRE, RotationJournal.Direction.FORWARD);
      if (HookInvoker.isThere(secret(journal.secret()), RotationStep.RETIRE)) {
        oldValue = RotationReport.OldValue.REFUSED;
      }
    } catch (SecretException e) {
      if (!FreshRead.isGone(e)) {
        throw e;
      }
      records
          .listener()
          .note("the old version can no longer be read, so the hook retire is not called again");
    }
    List<VersionChange> lastFirst = new ArrayList<>(journal.changes());
    Collections.reverse(lastFirst);
    lastFirst.forEach(this::retireVersion);
  }

  /** Retires one version. A backend without that ability accepts it until the next rotation. */
  private void retireVersion(VersionChange change) {
    try {
      writer.retire(change.stored(), change.old());
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      records.listener().note("this backend accepts the old version until the next rotation");
    }
  }

  private RotationJournal promoted() {
    return others(change -> change.withFresh(place.promote(change)))
        .retiringAt(records.now().plus(journal.grace()));
  }

  private RotationJournal restored() {
    return others(change -> change.withRestored(place.restore(change, old(change))));
  }

  /** Returns the journal with other versions of the names that a template makes. */
  private RotationJournal templates(UnaryOperator<VersionChange> change) {
    return journal.with(
        journal.changes().stream().map(c -> c.isTemplate() ? change.apply(c) : c).toList());
  }

  /** Returns the journal with other versions of the names that no template makes. */
  private RotationJournal others(UnaryOperator<VersionChange> change) {
    return journal.with(
        journal.changes().stream().map(c -> c.isTemplate() ? c : change.apply(c)).toList());
  }

  /** Serves a template with its current parts, because another part may have changed meanwhile. */
  private String serveTemplate(VersionChange change) {
    try (SecretValue kept = place.value(change)) {
      String from = place.isPending(change) ? change.old() : ""; // another process may clear it
      return template(change, from, () -> kept, now -> place.promote(change));
    }
  }

  /**
   * Serves a template.
   *
   * @param from the version that the store can replace with a version that it has
   * @param had the value of that version
   * @param serve serves that version
   */
  private String template(
      VersionChange change,
      String from,
      Supplier<SecretValue> had,
      Function<SecretValue, String> serve) {
    try (SecretValue now = rendered(change, Map.of())) {
      Secret served = provider.get(change.stored(), Duration.ZERO);
      if (served.value().equals(now)) {
        return served.version();
      }
      return had.get().equals(now) && served.version().equals(from)
          ? serve.apply(now)
          : writer.put(change.stored(), now).version();
    }
  }

  // ---- the way back

  /** Restores the old value, or resumes doing so. */
  RotationReport back() {
    for (RotationStep step : RotationStep.BACK) {
      if (!journal.isDone(step)) {
        step(step);
      }
    }
    requireServed(RotationStep.VERIFY);
    records.end(journal, LogEntry.Event.ROLLED_BACK, "");
    return journal.report(RotationReport.Outcome.ROLLED_BACK);
  }

  private SecretValue old(VersionChange change) {
    return provider.get(change.stored(), VersionSelector.id(change.old())).value();
  }

  private String restoreTemplate(VersionChange change) {
    return template(change, change.fresh(), () -> old(change), now -> place.restore(change, now));
  }

  // ---- giving up

  /**
   * Ends the rotation with the value that the store serves, whoever has set it: the hook gives it
   * to the system that the secret opens if that may have another one.
   *
   * @param note more for the log; usually empty
   * @throws SecretException {@code CONFLICT} if another rotation of it is open
   */
  RotationReport abandon(String note) {
    VersionChange secret = journal.changes().get(0);
    if (!secret.pending().isEmpty()) {
      refuseOther(secret);
    }
    boolean moved = situation().hasMoved();
    if (journal.mayBeApplied()
        || (moved && HookInvoker.isThere(secret(journal.secret()), RotationStep.APPLY))) {
      giveServed();
    }
    if (moved) {
      records.listener().note("the served value stays, which another writer has set");
    }
    for (VersionChange change : journal.changes()) {
      (change.pending().isEmpty()
              ? place.kept(change.stored(), journal.rotation()) // a crash left it unrecorded
              : Optional.of(change.pending()))
          .ifPresent(version -> place.clear(change.withPending(version)));
    }
    records.end(journal, LogEntry.Event.ABANDONED, note);
    return journal.report(RotationReport.Outcome.ABANDONED);
  }

  /** Rejects an end beside another rotation, whose hooks may have given its own value. */
  private void refuseOther(VersionChange secret) {
    Optional<String> other =
        place
            .any(secret.stored())
            .filter(version -> !version.equals(secret.pending()))
            .flatMap(version -> place.foreign(secret.stored(), journal.rotation()));
    if (other.isPresent()) {
      throw journal.refusal(
          "abandon the rotation of secret",
          other.get() + " for another rotation",
          "End that one first, where it was begun; then run the same command again");
    }
  }

  /** Gives the served values to the system that the secret opens, whichever value it has. */
  private void giveServed() {
    inventory.requireWayBack(journal);
    try {
      RotationJournal served =
          journal.with(journal.changes().stream().map(c -> c.withOld(now(c).version())).toList());
      call(RotationStep.APPLY, RotationJournal.Given.UNKNOWN, () -> give(served));
      journal = records.record(journal);
      for (VersionChange change : served.changes()) {
        String now = now(change).version();
        if (!change.isTemplate() && !now.equals(change.old())) {
          throw PendingStore.changedMeanwhile(change.stored(), now);
        }
      }
    } catch (SecretException | HookInvoker.Failed e) {
      throw stopped(RotationStep.APPLY, e);
    }
  }

  /** Calls the hook with each value that the system may have as the one that it replaces. */
  private void give(RotationJournal served) {
    List<RotationJournal> from = new ArrayList<>(List.of(served));
    if (!served.changes().equals(journal.changes())) {
      Map<String, String> old = new LinkedHashMap<>();
      journal.changes().forEach(change -> old.put(change.name(), change.old()));
      from.add(
          journal.mayBeApplied() ? 1 : 0,
          served.with(
              served.changes().stream()
                  .map(change -> change.withFresh(old.getOrDefault(change.name(), "")))
                  .toList()));
    }
    InventorySecret secret = secret(journal.secret());
    for (int i = 0; i < from.size(); i++) {
      boolean last = i == from.size() - 1;
      try (RotationValues values =
          RotationValues.served(from.get(i), inventory, provider, place, this::servedValue)) {
        boolean known = values.fresh.containsKey(secret.name());
        if (known || last) {
          hook.run(
              RotationStep.APPLY,
              secret,
              from.get(i).back(),
              values,
              known ? values.fresh : values.old,
              values.old);
          return;
        }
      } catch (HookInvoker.Failed e) {
        if (last) {
          throw e;
        }
      }
    }
  }

  private SecretValue servedValue(VersionChange change) {
    return change.isTemplate() ? rendered(change, Map.of()) : now(change).value().copy();
  }

  private Secret now(VersionChange change) {
    return provider.get(change.stored(), Duration.ZERO);
  }

  // ---- stops

  private RotationStopped stopped(RotationStep step, RuntimeException cause) {
    boolean mayBeApplied = step == RotationStep.APPLY || step == RotationStep.TEST;
    String undone = !isBack() && mayBeApplied ? undone() : "";
    String why = plain(cause);
    records.log(journal, LogEntry.Event.STOPPED, Optional.of(step), why + undone);
    RotationSituation ways = situation();
    RotationStopped.Served served = ways.served();
    String message =
        "Cannot rotate secret '"
            + journal.stored()
            + "': step "
            + step.word()
            + " failed: "
            + why
            + "."
            + undone
            + ways.words(step, served);
    return new RotationStopped(step, served, message, cause);
  }

  /** Returns the exception's text without its full stop, as a reason within a sentence. */
  private static String plain(RuntimeException cause) {
    String text = String.valueOf(cause.getMessage()).strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /** Applies the old value again, because the new one would be valid and not served. */
  private String undone() {
    try {
      if (!journal.mayBeApplied()
          || !HookInvoker.isThere(secret(journal.secret()), RotationStep.APPLY)
          || situation().closed()) {
        return "";
      }
      withValues(RotationStep.APPLY, RotationJournal.Direction.BACK);
      journal = records.record(journal.without(RotationStep.APPLY, RotationStep.TEST));
      return " The old value was applied again.";
    } catch (SecretException | HookInvoker.Failed e) {
      return " The old value could not be applied again (" + plain(e) + "), so it may be invalid.";
    }
  }
}
