package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.rotation.HookReadiness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The plan of an emergency, to be shown before it runs. Immutable.
 *
 * @param secret the name in the inventory
 * @param lines the plan for people, one step a line
 * @param elapsed the time since the exposure became known
 * @param question the question whether to run the plan, in its language
 */
public record EmergencyPlan(String secret, List<String> lines, Duration elapsed, String question) {
  /** Copies the list. */
  public EmergencyPlan {
    lines = List.copyOf(lines);
  }

  static EmergencyPlan of(
      InventoryLocation site,
      AffectedSecrets targets,
      @Nullable EmergencyJournal open,
      LocalizedTexts texts,
      Instant now,
      Instant known) {
    List<String> lines = new ArrayList<>();
    lines.add(texts.text("plan.title", targets.stored(), site.inventory().service()));
    if (open != null) {
      lines.add(texts.text("plan.resumed", open.by(), EmergencyTimes.minute(site, open.began())));
    }
    int number = 0;
    for (EmergencyStep step : EmergencyStep.values()) {
      boolean done = open != null && open.done().contains(step);
      number++;
      lines.add(
          number + ". " + text(step, site, targets, texts) + (done ? texts.text("plan.done") : ""));
      if (step == EmergencyStep.ROTATE) {
        new OpenItems(site, targets, texts).foreseen().forEach(line -> lines.add("   " + line));
      }
    }
    Duration elapsed = open == null ? Duration.between(known, now) : open.elapsed(now);
    return new EmergencyPlan(
        targets.secret().name(),
        lines,
        elapsed.isNegative() ? Duration.ZERO : elapsed,
        texts.text("plan.question"));
  }

  private static String text(
      EmergencyStep step, InventoryLocation site, AffectedSecrets targets, LocalizedTexts texts) {
    return switch (step) {
      case ROTATE ->
          texts.text("plan.rotate", String.join(", ", targets.changed()), hooks(targets));
      case EXPEL -> texts.text("plan.expel");
      case INVALIDATE_SESSIONS, VERIFY -> {
        List<List<String>> programs = targets.programs(step.word());
        yield programs.isEmpty()
            ? none(step, targets, texts)
            : texts.text("plan." + step.word(), shown(programs));
      }
      case CONFIRM -> texts.text("plan.confirm");
      case POST_MORTEM ->
          texts.text("plan.post-mortem", site.place(InventoryLocation.Paper.POST_MORTEMS));
    };
  }

  private static String none(EmergencyStep step, AffectedSecrets targets, LocalizedTexts texts) {
    return targets
        .declined(step.word())
        .map(reason -> texts.text("plan." + step.word(), texts.text("hook.declined", reason)))
        .orElseGet(() -> texts.text("plan." + step.word() + ".none"));
  }

  /** Returns the hooks that the rotation itself calls. */
  static String hooks(AffectedSecrets targets) {
    Set<List<String>> programs = new LinkedHashSet<>();
    for (InventorySecret target : targets.rotated()) {
      for (String hook : HookReadiness.ROTATION) {
        List<String> program = target.hooks().getOrDefault(hook, List.of());
        if (!program.isEmpty()) {
          programs.add(program);
        }
      }
    }
    return programs.isEmpty() ? "-" : shown(List.copyOf(programs));
  }

  static String shown(List<List<String>> programs) {
    return String.join("; ", programs.stream().map(ShellWord::line).toList());
  }
}
