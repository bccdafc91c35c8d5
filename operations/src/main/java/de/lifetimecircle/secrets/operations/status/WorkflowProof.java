package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.InventorySecret;
import de.lifetimecircle.secrets.operations.handover.Site;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks that the workflow takes secrets by {@code secrets exec}, which gives them to one program,
 * and sets no variable that is named like one.
 */
record WorkflowProof(Sight sight) {
  private static final Pattern EXEC = Pattern.compile("secrets\"?\\s+exec\\s");

  void look(Draft draft) {
    Site site = sight.site();
    String place = site.place(Site.Paper.WORKFLOW);
    Optional<String> kept = sight.file(Site.Paper.WORKFLOW);
    if (kept.isEmpty()) {
      draft.onTheirWord(sight.said(Point.WORKFLOW), sight.scheme(), "workflow.none", place);
      return;
    }
    List<String> set =
        site.secrets().stream()
            .map(InventorySecret::name)
            .map(ServiceProof::variable)
            .filter(variable -> sets(kept.get(), variable))
            .toList();
    if (!set.isEmpty()) {
      draft.missing("$EDITOR " + place, "workflow.sets", place, String.join(", ", set));
    } else if (!EXEC.matcher(kept.get()).find()) {
      draft.missing("$EDITOR " + place, "workflow.no-exec", place);
    } else {
      draft.proven("workflow.own", place);
    }
  }

  /** In a shell, or for the steps that follow. */
  private static boolean sets(String text, String variable) {
    return Pattern.compile("\\b" + Pattern.quote(variable) + "=").matcher(text).find();
  }
}
