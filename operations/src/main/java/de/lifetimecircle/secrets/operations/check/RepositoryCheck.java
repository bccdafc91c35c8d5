package de.lifetimecircle.secrets.operations.check;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckFinding.Status;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.HookProgram;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks the files that a rotation needs and that the inventory produces: the programs of hooks, a
 * timer for the rotations, and the policies. Reads files only; asks no backend and runs no program.
 * Immutable.
 *
 * @param scheme the backend in use
 */
public record RepositoryCheck(InventoryLocation site, String scheme) {
  /** The point of the checklist under which a person claims that a timer runs the rotations. */
  private static final String ROTATION = "rotation";

  /**
   * Returns one finding for each problem; none if all is well.
   *
   * @throws SecretException {@code CONFIGURATION} if a file cannot be read, {@code CORRUPT} if the
   *     records are damaged
   */
  public List<CheckFinding> findings() {
    List<CheckFinding> findings = new ArrayList<>(hooks());
    unplanned().ifPresent(findings::add);
    untimed().ifPresent(findings::add);
    findings.addAll(policies());
    return findings;
  }

  /** Reports each program and its problem once, with all hooks that have it. */
  private List<CheckFinding> hooks() {
    Map<CheckFinding, List<String>> users = new LinkedHashMap<>();
    for (InventorySecret secret : site.secrets()) {
      if (secret.template() != null) {
        continue; // it changes with its parts, whose hooks are called
      }
      new TreeMap<>(secret.hooks())
          .forEach(
              (step, line) ->
                  problem(HookProgram.in(site.folder(), line))
                      .ifPresent(
                          finding ->
                              users
                                  .computeIfAbsent(finding, each -> new ArrayList<>())
                                  .add(step + " of " + secret.name())));
    }
    List<CheckFinding> findings = new ArrayList<>();
    users.forEach(
        (finding, hooks) ->
            findings.add(
                new CheckFinding(
                        finding.status(), finding.name(), finding.detail() + "; " + used(hooks))
                    .about("hook")));
    return findings;
  }

  private static Optional<CheckFinding> problem(HookProgram program) {
    // Another machine may have it on its PATH.
    Status status = program.isPath() ? Status.FAIL : Status.WARN;
    return program.problem().map(why -> new CheckFinding(status, program.name(), why));
  }

  private static String used(List<String> users) {
    int others = users.size() - 1;
    return "it is the hook "
        + users.get(0)
        + (others == 0 ? "" : " and " + others + (others == 1 ? " other" : " others"));
  }

  /** Warns of generated secrets that nothing ever rotates. */
  private Optional<CheckFinding> unplanned() {
    List<String> names =
        site.secrets().stream()
            .filter(secret -> secret.shape() != null && secret.rotation() == null)
            .map(InventorySecret::name)
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            CheckFinding.warn(
                    site.inventory().source(),
                    "no rotation is planned for " + String.join(", ", names))
                .about("rotation"));
  }

  /** Warns of planned rotations that nothing runs. */
  private Optional<CheckFinding> untimed() {
    boolean planned = site.secrets().stream().anyMatch(secret -> secret.rotation() != null);
    if (!planned || RotationTimer.in(site).isPresent() || isClaimed()) {
      return Optional.empty();
    }
    return Optional.of(
        CheckFinding.warn(
                site.inventory().source(),
                "no workflow runs 'rotate due' by the clock, and no team member claims that a timer"
                    + " does; the command schedule writes one")
            .about("rotation"));
  }

  private boolean isClaimed() {
    return ClaimLog.of(site)
        .last(ROTATION)
        .filter(claim -> claim.digest().equals(ClaimLog.digest(scheme)))
        .isPresent();
  }

  /** Compares the policies with those that would be written now. */
  private List<CheckFinding> policies() {
    List<CheckFinding> findings = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    boolean any = false;
    for (GeneratedFile policy : GeneratedFile.policies(site, scheme)) {
      Optional<String> kept = policy.kept();
      any |= kept.isPresent();
      if (kept.isEmpty()) {
        missing.add(policy.place());
      } else {
        stale(policy, kept.get()).ifPresent(findings::add);
      }
    }
    if (!missing.isEmpty() && (any || site.names(InventoryLocation.ProjectFile.POLICIES))) {
      findings.add(
          CheckFinding.warn(
              site.place(InventoryLocation.ProjectFile.POLICIES),
              "not written yet: " + String.join(", ", missing)));
    }
    return findings;
  }

  private static Optional<CheckFinding> stale(GeneratedFile policy, String kept) {
    String now;
    try {
      now = policy.text().get();
    } catch (SecretException e) {
      return Optional.of(
          CheckFinding.warn(policy.place(), "cannot be compared: " + e.getMessage()));
    }
    return kept.equals(now)
        ? Optional.empty()
        : Optional.of(
            CheckFinding.fail(
                policy.place(),
                "out of date: the inventory asks for another policy now; '"
                    + policy.writing()
                    + "' writes it"));
  }
}
