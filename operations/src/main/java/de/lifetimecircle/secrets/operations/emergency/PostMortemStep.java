package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Decides how the emergency ends, writes the post-mortem, and updates a runbook that exists. */
final class PostMortemStep implements EmergencyAction {
  @Override
  public List<String> plan(EmergencyStep step, EmergencySituation seen) {
    String place = seen.site().place(InventoryLocation.ProjectFile.POST_MORTEMS);
    return List.of(seen.text("plan.post-mortem", place));
  }

  @Override
  public Result run(EmergencyRun run) {
    EmergencySituation seen = run.situation();
    InventoryLocation site = seen.site();
    EmergencyOutcome outcome = seen.outcome();
    Path written = PostMortem.write(run.settings(), seen, outcome);
    String detail =
        site.place(InventoryLocation.ProjectFile.POST_MORTEMS) + "/" + written.getFileName();
    if (!seen.isDrill()) {
      Path runbook = site.path(InventoryLocation.ProjectFile.RUNBOOK);
      Optional<Language> language = Runbook.language(runbook);
      if (language.isPresent()) {
        Runbook.write(runbook, site, StoreSnapshot.of(site, run.provider()), language.get());
        detail += ", " + site.place(InventoryLocation.ProjectFile.RUNBOOK);
      }
    }
    run.update(run.journal().ended(outcome));
    return Result.done(detail);
  }
}
