package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import java.util.List;

/**
 * Checks that the store serves new values that obey the inventory. It confirms a name only if a
 * read past the cache shows that the current value is none of the exposed ones.
 */
final class ConfirmStep implements EmergencyAction {
  @Override
  public Result run(EmergencyRun run) {
    EmergencySettings settings = run.settings();
    InventoryLocation site = settings.site();
    List<String> names = run.situation().replaced();
    for (String stored : names) {
      String made = run.journal().served().getOrDefault(stored, "");
      if (!run.exposed().isReplaced(stored, made)) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "confirm the new value of")
            .name(stored)
            .reason(
                run.exposed().isServed(stored)
                    ? "a value from before the emergency is served again: another writer rolled"
                        + " back"
                    : "another writer has set the current value, and the exposed one can no longer"
                        + " be read, so nothing shows that they differ")
            .advice("Begin again with '" + site.command(settings.command() + " --restart") + "'")
            .build();
      }
    }
    List<String> wrong =
        new InventoryCheck(
                new StoreSnapshot(settings.inventory(), site.environment().name(), run.provider()),
                settings.clock())
            .findings().stream()
                .filter(finding -> finding.status() == CheckFinding.Status.FAIL)
                .filter(finding -> names.contains(finding.subject()))
                .map(CheckFinding::text)
                .toList();
    if (!wrong.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "confirm the new values")
          .reason(String.join("; ", wrong))
          .advice("See '" + site.command("check") + "'")
          .build();
    }
    return names.isEmpty()
        ? new Result(TimelineEntry.Outcome.NOTHING, run.situation().text("confirmed.none"))
        : Result.done(run.situation().text("confirmed", String.join(", ", names)));
  }
}
