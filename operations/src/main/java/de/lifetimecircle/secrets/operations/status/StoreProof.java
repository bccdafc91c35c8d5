package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.RotationTimer;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the store: generated, stored and overdue secrets. */
record StoreProof(ChecklistInput sight) {
  private static final int MOST_PROBLEMS = 10;

  void look(ChecklistPoint point, ChecklistItemBuilder draft) {
    switch (point) {
      case GENERATED -> generated(draft);
      case STORED -> stored(draft);
      default -> rotation(draft);
    }
  }

  private void generated(ChecklistItemBuilder draft) {
    List<InventorySecret> made =
        sight.site().secrets().stream()
            .filter(secret -> secret.shape() != null || secret.template() != null)
            .toList();
    for (InventorySecret secret : made) {
      for (CheckFinding wrong : sight.wrong(sight.site().environment().stored(secret.name()))) {
        draft.missing(command(secret, wrong.reason()), "plain", wrong.text());
      }
    }
    if (draft.complete()) {
      draft.proven("generated.proof", made.size());
    }
  }

  /** Returns the command that ends a finding of the check in its present state. */
  private String command(InventorySecret secret, CheckFinding.Reason reason) {
    InventoryLocation site = sight.site();
    return switch (reason) {
      case TOO_OLD -> site.here().command("rotate due");
      case MISSING -> site.here().command(bringing(secret));
      case OTHER -> site.here().command("check");
    };
  }

  private String bringing(InventorySecret secret) {
    if (secret.shape() == null && secret.template() == null) {
      return "put " + secret.name() + " --trim-newline";
    }
    Optional<String> part =
        secret.template() == null
            ? Optional.empty()
            : secret.template().parts().stream().filter(this::mustBeBrought).findFirst();
    return part.map(name -> "put " + name + " --trim-newline").orElse("generate --all");
  }

  private boolean mustBeBrought(String part) {
    return sight.site().secrets().stream()
        .filter(secret -> secret.name().equals(part))
        .filter(secret -> secret.shape() == null && secret.template() == null)
        .anyMatch(secret -> !sight.wrong(sight.site().environment().stored(part)).isEmpty());
  }

  private void stored(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    for (CheckFinding finding : sight.findings()) {
      if (finding.status() == CheckFinding.Status.FAIL) {
        draft.missing(site.here().command("check"), "plain", finding.text());
      }
    }
    Map<String, String> ids = Runbook.ids(sight.store());
    Optional<String> runbook = sight.file(InventoryLocation.Paper.RUNBOOK);
    List<String> undocumented =
        ids.entrySet().stream()
            .filter(id -> !runbook.orElse("").contains("`" + id.getValue() + "`"))
            .map(Map.Entry::getKey)
            .toList();
    if (!undocumented.isEmpty()) {
      draft.missing(
          site.here().command("runbook"),
          "stored.undocumented",
          String.join(", ", undocumented),
          site.place(InventoryLocation.Paper.RUNBOOK));
    }
    if (draft.complete()) {
      draft.proven("stored.proof", ids.size(), sight.texts().name("backend", sight.scheme()));
      draft.proven("stored.ids", site.place(InventoryLocation.Paper.RUNBOOK));
    }
  }

  private void rotation(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    List<String> without =
        site.secrets().stream()
            .filter(secret -> secret.shape() != null && secret.rotation() == null)
            .map(InventorySecret::name)
            .toList();
    if (!without.isEmpty()) {
      draft.missing(
          site.here().editing(), "rotation.none", String.join(", ", without), site.file());
    }
    List<String> unapplied =
        site.secrets().stream()
            .filter(InventorySecret::lacksApply)
            .map(secret -> secret.name() + " (" + secret.opens() + ")")
            .toList();
    if (!unapplied.isEmpty()) {
      draft.missing(
          site.here().editing(), "rotation.unapplied", String.join(", ", unapplied), site.file());
    }
    long planned = site.secrets().stream().filter(secret -> secret.rotation() != null).count();
    for (InventorySecret secret : site.secrets()) {
      if (secret.rotation() != null) {
        sight
            .wrong(site.environment().stored(secret.name()))
            .forEach(
                wrong -> draft.missing(command(secret, wrong.reason()), "plain", wrong.text()));
      }
    }
    RotationLog.Summary log = log(draft);
    if (draft.complete()) {
      scheduled(draft);
      draft.proven("rotation.proof", planned, site.file());
      draft.proven("rotation.entries", log.entries());
    }
  }

  private RotationLog.Summary log(ChecklistItemBuilder draft) {
    List<String> problems = new ArrayList<>();
    RotationLog.Summary log =
        RotationLog.in(sight.site().folder().resolve(Rotations.FOLDER))
            .read(
                entry -> {},
                problem -> {
                  if (problems.size() < MOST_PROBLEMS) {
                    problems.add(problem);
                  }
                });
    problems.forEach(
        problem ->
            draft.missing(sight.site().here().history(Rotations.FOLDER), "rotation.log", problem));
    return log;
  }

  /**
   * Checks that something runs the rotations: a workflow in the repository, or a person's claim,
   * because no program sees the timers of another machine.
   */
  private void scheduled(ChecklistItemBuilder draft) {
    Optional<String> workflow = RotationTimer.in(sight.site());
    if (workflow.isPresent()) {
      draft.proven("rotation.scheduled", workflow.get());
      return;
    }
    draft.onTheirWord(
        sight.said(ChecklistPoint.ROTATION),
        sight.scheme(),
        "rotation.unscheduled",
        "'" + sight.site().here().command("schedule --as systemd") + "'");
  }
}
