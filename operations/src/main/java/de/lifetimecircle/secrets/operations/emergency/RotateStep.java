package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.HookReadiness;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Rotates each affected secret, except one that opens something and has no hook {@code apply}: the
 * new value would lock the service out, and the old one would stay valid. Such a secret counts as
 * rotated once people have replaced it.
 */
final class RotateStep implements EmergencyAction {
  private static final String DEPLOY = RotationStep.DEPLOY.word();

  @Override
  public List<String> plan(EmergencyStep step, EmergencySituation seen) {
    List<String> lines = new ArrayList<>();
    AffectedSecrets targets = seen.targets();
    List<InventorySecret> now =
        targets.rotated().stream().filter(target -> !seen.isByHand(target)).toList();
    String names =
        now.stream()
            .flatMap(target -> targets.changedBy(target).stream())
            .distinct()
            .collect(Collectors.joining(", "));
    lines.add(
        now.isEmpty()
            ? seen.text("plan.rotate.none")
            : seen.text("plan.rotate", names, hooks(now)));
    for (InventorySecret target : targets.rotated()) {
      if (target.lacksApply()) {
        lines.add(seen.text(seen.isDrill() ? "plan.unrotated.drill" : "plan.unrotated", target));
      } else if (EmergencySituation.isSupplied(target)) {
        lines.add(seen.text("plan.supplied", seen.stored(target), seen.acceptedBy(target)));
        if (!target.hooks().containsKey(RotationStep.RETIRE.word())) {
          lines.add(seen.text("plan.unrevoked", seen.stored(target), seen.acceptedBy(target)));
        }
      } else if (target.opens() != null
          && !target.hooks().containsKey(RotationStep.RETIRE.word())) {
        lines.add(seen.text("plan.unproved", target));
      }
    }
    if (lacksDeploy(targets)) {
      lines.add(seen.text("plan.deploy.none"));
    }
    return lines;
  }

  /** Returns the hooks that the rotation itself calls. */
  private static String hooks(List<InventorySecret> targets) {
    List<List<String>> programs =
        targets.stream()
            .map(InventorySecret::hooks)
            .flatMap(hooks -> HookReadiness.ROTATION.stream().map(hooks::get))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return programs.isEmpty() ? "-" : AffectedSecrets.shown(programs);
  }

  /** Each secret is rotated with a hook of its own. */
  private static boolean lacksDeploy(AffectedSecrets targets) {
    return targets.rotated().stream()
        .anyMatch(
            each -> !each.hooks().containsKey(DEPLOY) && !each.declined().containsKey(DEPLOY));
  }

  @Override
  public Result run(EmergencyRun run) {
    tellUnready(run);
    List<InventorySecret> rotated = run.situation().targets().rotated();
    for (InventorySecret target : rotated) {
      if (!run.journal().isRotated(target)) {
        rotate(run, target);
      }
    }
    EmergencySituation seen = run.situation();
    String names = String.join(", ", seen.replaced());
    if (seen.isDrill()) {
      return Result.done(names + "; " + seen.text("drill.hooks", hooks(rotated)));
    }
    return rotated.stream().allMatch(run.journal()::isRotated)
        ? Result.done(names)
        : run.doneUnlessOpen(names);
  }

  /**
   * Tells whether a hook that runs later is not ready, so that people can fix it meanwhile. The
   * exposed value is more urgent than the sessions; the rotation itself looks at its own hooks.
   */
  private static void tellUnready(EmergencyRun run) {
    EmergencySituation seen = run.situation();
    InventoryLocation site = seen.site();
    if (!seen.isDrill() && run.journal().begun().isEmpty()) {
      new HookReadiness(site.inventory(), site.environment().name(), run.provider(), site.folder())
          .problems(seen.targets().secret(), List.of(HookReadiness.SESSIONS))
          .forEach(why -> run.part(seen.text("part.unready", why)));
    }
  }

  private static void rotate(EmergencyRun run, InventorySecret target) {
    EmergencySituation seen = run.situation();
    ExposedRotation rotation = run.rotation(target);
    if (!seen.isByHand(target)) {
      boolean begun = run.journal().begun().contains(target.name());
      if (!begun) {
        rotation.endEarlier();
        run.update(run.journal().withBegun(target.name()));
        run.part(seen.text("part.begun", seen.stored(target)));
        if (target.lacksApply()) { // in a drill only, whose record shows it after the plan is gone
          run.part(seen.text("plan.unrotated.drill", target));
        }
      }
      if (!begun || !rotation.isReplaced()) {
        rotation.replace();
      }
      run.update(run.journal().withRotated(target.name()));
    } else if (seen.targets().changedBy(target).stream().noneMatch(run.exposed()::isServed)) {
      rotation.giveUpEarlier();
      run.servedNow(target);
      run.update(run.journal().withRotated(target.name()).withByHand(target.name()));
      String names = String.join(", ", seen.targets().changedBy(target));
      run.part(seen.text("part.by-hand", names));
    } else {
      run.forgetClaim(); // it was given before anything was done
    }
  }

  @Override
  public List<OpenItem> open(EmergencySituation seen) {
    List<OpenItem> open = new ArrayList<>();
    for (InventorySecret target : seen.targets().rotated()) {
      if (!seen.journal().isRotated(target)) {
        open.add(unrotated(seen, target));
      } else if (seen.claim().isEmpty() && seen.isUnproved(target)) {
        open.add(unproved(seen, target));
      }
    }
    if (seen.claim().isEmpty() && lacksDeploy(seen.targets())) {
      open.add(seen.missing(DEPLOY));
    }
    return open;
  }

  private static OpenItem unproved(EmergencySituation seen, InventorySecret target) {
    if (!EmergencySituation.isSupplied(target)) {
      return seen.item(seen.text("open.unproved", target), List.of());
    }
    return seen.item(
        seen.text("open.unrevoked", seen.stored(target)),
        List.of(seen.text("hand.revoke", seen.acceptedBy(target))));
  }

  /** Advises to add the hook or, if there is no time for that, to do its work by hand. */
  private static OpenItem unrotated(EmergencySituation seen, InventorySecret target) {
    InventoryLocation site = seen.site();
    String again = site.command(seen.journal().command() + " --resume --yes");
    List<InventorySecret> made =
        site.secrets().stream()
            .filter(other -> seen.targets().changedBy(target).contains(seen.stored(other)))
            .toList();
    List<String> steps = new ArrayList<>();
    boolean database = made.stream().anyMatch(InventorySecret::isDatabaseUrl);
    steps.add(
        database
            ? seen.text(
                "hand.hook.database",
                site.inventory().source(),
                target.name(),
                again,
                site.writingHooks())
            : seen.text("hand.hook", site.inventory().source(), target.name(), again));
    steps.add(
        database ? seen.text("hand.database") : seen.text("hand.open", seen.texts().opens(target)));
    steps.add(seen.text("hand.set", site.command("put " + target.name())));
    made.stream()
        .filter(other -> other.template() != null)
        .map(other -> site.command("generate " + other.name() + " --force"))
        .forEach(command -> steps.add(seen.text("hand.set", command)));
    List<List<String>> deploys = seen.targets().programs(DEPLOY);
    steps.add(
        deploys.isEmpty()
            ? seen.text("hand.deploy")
            : seen.text("hand.run", AffectedSecrets.shown(deploys)));
    return seen.item(seen.text("open.unrotated", target), steps);
  }
}
