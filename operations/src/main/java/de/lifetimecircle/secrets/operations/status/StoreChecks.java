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
record StoreChecks(ChecklistContext context) {
  private static final int MOST_PROBLEMS = 10;

  void generated(ChecklistItemBuilder item) {
    List<InventorySecret> made =
        context.site().secrets().stream().filter(InventorySecret::isMade).toList();
    addWrong(made, item);
    if (item.complete()) {
      item.proven("generated.proof", made.size());
    }
  }

  /** Adds each failed finding of these secrets. */
  private void addWrong(List<InventorySecret> secrets, ChecklistItemBuilder item) {
    for (InventorySecret secret : secrets) {
      for (CheckFinding wrong : context.wrong(context.site().environment().stored(secret.name()))) {
        item.missing(command(secret, wrong.reason()), "plain", wrong.text());
      }
    }
  }

  /** Returns the command that ends a finding of the check in its present state. */
  private String command(InventorySecret secret, CheckFinding.Reason reason) {
    InventoryLocation site = context.site();
    return switch (reason) {
      case TOO_OLD -> site.command("rotate due");
      case MISSING -> site.command(bringing(secret));
      case ELSEWHERE, OTHER -> site.command("check");
    };
  }

  private String bringing(InventorySecret secret) {
    if (!secret.isMade()) {
      return "put " + secret.name() + " --trim-newline";
    }
    return secret.parts().stream()
        .filter(this::mustBeBrought)
        .findFirst()
        .map(name -> "put " + name + " --trim-newline")
        .orElse("generate --all");
  }

  private boolean mustBeBrought(String part) {
    return context.site().secrets().stream()
        .filter(secret -> secret.name().equals(part))
        .filter(secret -> !secret.isMade())
        .anyMatch(secret -> !context.wrong(context.site().environment().stored(part)).isEmpty());
  }

  void stored(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    for (CheckFinding finding : context.findings()) {
      if (finding.status() == CheckFinding.Status.FAIL) {
        item.missing(site.command("check"), "plain", finding.text());
      }
    }
    Map<String, String> ids = Runbook.ids(context.store());
    Optional<String> runbook = context.file(InventoryLocation.ProjectFile.RUNBOOK);
    List<String> undocumented =
        ids.entrySet().stream()
            .filter(id -> !runbook.orElse("").contains("`" + id.getValue() + "`"))
            .map(Map.Entry::getKey)
            .toList();
    if (!undocumented.isEmpty()) {
      item.missing(
          site.command("runbook"),
          "stored.undocumented",
          String.join(", ", undocumented),
          site.place(InventoryLocation.ProjectFile.RUNBOOK));
    }
    if (item.complete()) {
      item.proven("stored.proof", ids.size(), context.texts().name("backend", context.scheme()));
      item.proven("stored.ids", site.place(InventoryLocation.ProjectFile.RUNBOOK));
    }
  }

  void rotation(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    List<String> without =
        site.secrets().stream()
            .filter(secret -> secret.shape() != null && secret.rotation() == null)
            .map(InventorySecret::name)
            .toList();
    if (!without.isEmpty()) {
      item.missing(site.editing(), "rotation.none", String.join(", ", without), site.file());
    }
    List<String> unapplied =
        site.secrets().stream()
            .filter(InventorySecret::lacksApply)
            .map(secret -> secret.name() + " (" + context.texts().opens(secret) + ")")
            .toList();
    if (!unapplied.isEmpty()) {
      item.missing(site.editing(), "rotation.unapplied", String.join(", ", unapplied), site.file());
    }
    List<InventorySecret> planned =
        site.secrets().stream().filter(secret -> secret.rotation() != null).toList();
    addWrong(planned, item);
    RotationLog.Summary log = log(item);
    if (item.complete()) {
      scheduled(item);
      item.proven("rotation.proof", planned.size(), site.file());
      item.proven("rotation.entries", log.entries());
    }
  }

  private RotationLog.Summary log(ChecklistItemBuilder item) {
    List<String> problems = new ArrayList<>();
    RotationLog.Summary log =
        new RotationLog(context.site().folder().resolve(Rotations.FOLDER))
            .read(
                entry -> {},
                problem -> {
                  if (problems.size() < MOST_PROBLEMS) {
                    problems.add(problem);
                  }
                });
    problems.forEach(
        problem -> item.missing(context.site().history(Rotations.FOLDER), "rotation.log", problem));
    return log;
  }

  /**
   * Checks that something runs the rotations: a workflow in the repository, or a person's claim,
   * because no program sees the timers of another machine.
   */
  private void scheduled(ChecklistItemBuilder item) {
    Optional<String> workflow = RotationTimer.in(context.site());
    if (workflow.isPresent()) {
      item.proven("rotation.scheduled", workflow.get());
      return;
    }
    item.onTheirWord(
        "rotation.unscheduled", "'" + context.site().command("schedule --as systemd") + "'");
  }
}
