package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.rotation.HookResult;
import de.lifetimecircle.secrets.operations.rotation.HookRunner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls the programs that the affected secrets have for one hook; a drill only shows them.
 *
 * @param needed whether its absence leaves a risk open; then there are texts for it, {@code
 *     open.HOOK} and {@code hand.HOOK}
 */
record HookStep(String hook, boolean needed) implements EmergencyAction {
  @Override
  public List<String> plan(EmergencyStep step, EmergencySituation seen) {
    String key = "plan." + hook;
    List<List<String>> programs = seen.targets().programs(hook);
    Optional<String> shown =
        programs.isEmpty() ? declined(seen) : Optional.of(AffectedSecrets.shown(programs));
    return List.of(
        shown.map(text -> seen.text(key, text)).orElseGet(() -> seen.text(key + ".none")));
  }

  /** Returns why there is deliberately no program, if the inventory has a reason. */
  private Optional<String> declined(EmergencySituation seen) {
    return seen.targets().declined(hook).map(reason -> seen.text("hook.declined", reason));
  }

  @Override
  public Result run(EmergencyRun run) {
    EmergencySituation seen = run.situation();
    List<List<String>> programs = seen.targets().programs(hook);
    if (programs.isEmpty()) {
      return none(seen);
    }
    String shown = AffectedSecrets.shown(programs);
    if (seen.isDrill()) {
      return new Result(TimelineEntry.Outcome.LEFT_OUT, shown);
    }
    EmergencySettings settings = run.settings();
    HookRunner hooks = new HookRunner(seen.site().folder(), settings.hookLimit());
    List<SecretValue> secrets = run.exposed().values(seen.targets().changed());
    try {
      for (List<String> program : programs) {
        HookResult result = hooks.run(program, variables(seen), "", secrets, settings.listener());
        if (result.ending() != HookResult.Ending.DONE) {
          return new Result(TimelineEntry.Outcome.FAILED, result.words());
        }
      }
    } finally {
      secrets.forEach(SecretValue::close);
    }
    return Result.done(shown);
  }

  private Result none(EmergencySituation seen) {
    boolean missing = needed && !seen.isDrill() && seen.targets().lacks(hook);
    if (missing && !seen.claim().isEmpty()) {
      return new Result(TimelineEntry.Outcome.NOTHING, seen.text("expel.word", seen.claim()));
    }
    return new Result(
        missing ? TimelineEntry.Outcome.OPEN : TimelineEntry.Outcome.NOTHING,
        declined(seen).orElseGet(() -> seen.text("hook.none", hook)));
  }

  private Map<String, String> variables(EmergencySituation seen) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("EMERGENCY_STEP", hook);
    variables.put("EMERGENCY_SERVICE", seen.site().inventory().service());
    variables.put("EMERGENCY_ENVIRONMENT", seen.site().environment().name());
    variables.put("EMERGENCY_SECRET", seen.targets().secret().name());
    variables.put("EMERGENCY_NAME", seen.targets().stored());
    if (seen.journal().kind() == PostMortem.Kind.LIVE_DRILL) {
      variables.put("EMERGENCY_DRILL", "1");
    }
    return variables;
  }

  @Override
  public List<OpenItem> open(EmergencySituation seen) {
    return needed && seen.claim().isEmpty() && seen.targets().lacks(hook)
        ? List.of(seen.missing(hook))
        : List.of();
  }
}
