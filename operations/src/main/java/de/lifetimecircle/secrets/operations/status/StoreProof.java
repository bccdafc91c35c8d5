package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the store: generated, stored and overdue secrets. */
record StoreProof(ChecklistInput sight) {
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
      for (String wrong : sight.wrong(sight.site().environment().stored(secret.name()))) {
        draft.missing(sight.site().command("generate --all"), "plain", wrong);
      }
    }
    if (draft.complete()) {
      draft.proven("generated.proof", made.size());
    }
  }

  private void stored(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    for (CheckFinding finding : sight.findings()) {
      if (finding.status() == CheckFinding.Status.FAIL) {
        draft.missing(site.command("check"), "plain", finding.name() + ": " + finding.detail());
      }
    }
    Map<String, String> ids = Runbook.ids(site, sight.provider());
    Optional<String> runbook = sight.file(InventoryLocation.Paper.RUNBOOK);
    List<String> undocumented =
        ids.entrySet().stream()
            .filter(id -> !runbook.orElse("").contains("`" + id.getValue() + "`"))
            .map(Map.Entry::getKey)
            .toList();
    if (!undocumented.isEmpty()) {
      draft.missing(
          site.command("runbook"),
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
          "$EDITOR " + site.file(), "rotation.none", String.join(", ", without), site.file());
    }
    List<String> unapplied =
        site.secrets().stream()
            .filter(InventorySecret::lacksApply)
            .map(secret -> secret.name() + " (" + secret.opens() + ")")
            .toList();
    if (!unapplied.isEmpty()) {
      draft.missing(
          "$EDITOR " + site.file(),
          "rotation.unapplied",
          String.join(", ", unapplied),
          site.file());
    }
    long planned = site.secrets().stream().filter(secret -> secret.rotation() != null).count();
    for (InventorySecret secret : site.secrets()) {
      if (secret.rotation() != null) {
        sight
            .wrong(site.environment().stored(secret.name()))
            .forEach(wrong -> draft.missing(site.command("rotate --due"), "plain", wrong));
      }
    }
    RotationLog.Reading log = RotationLog.in(site.folder().resolve(Rotations.FOLDER)).read();
    log.problems()
        .forEach(
            problem -> draft.missing("git log -p " + Rotations.FOLDER, "rotation.log", problem));
    if (draft.complete()) {
      draft.proven("rotation.proof", planned, site.file());
      draft.proven("rotation.entries", log.entries().size());
    }
  }
}
