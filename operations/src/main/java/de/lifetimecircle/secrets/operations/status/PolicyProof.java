package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.Policy;
import de.lifetimecircle.secrets.operations.handover.PolicyFiles;
import de.lifetimecircle.secrets.operations.handover.Site;
import de.lifetimecircle.secrets.operations.handover.WholeFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the policies that are kept with those that would be written now. Whether somebody has
 * attached them is not seen from here.
 */
record PolicyProof(Sight sight) {
  void look(Draft draft) {
    Site site = sight.site();
    if (!Policy.BACKENDS.contains(sight.scheme())) {
      draft.onTheirWord(sight.said(Point.POLICIES), texts(), "policies.unknown", sight.scheme());
      return;
    }
    List<String> same = new ArrayList<>();
    for (Policy.Audience audience : PolicyFiles.audiences(site)) {
      String place = PolicyFiles.place(site, sight.scheme(), audience);
      String command = PolicyFiles.command(site, sight.scheme(), audience);
      String kept = WholeFile.read(site.folder().resolve(place), "the policy").orElse("");
      if (kept.isEmpty()) {
        draft.missing(command, "policies.none", place);
      } else if (!kept.equals(text(audience))) {
        draft.missing(command, "policies.other", place);
      } else {
        same.add(place);
      }
    }
    if (draft.complete()) {
      draft.proven("policies.proof", String.join(", ", same));
      draft.onTheirWord(sight.said(Point.POLICIES), texts(), "policies.unattached");
    }
  }

  private String text(Policy.Audience audience) {
    Site site = sight.site();
    try {
      return Policy.text(site.inventory(), site.environment().name(), audience, sight.scheme());
    } catch (SecretException e) {
      return ""; // the inventory lacks a fact; the command that is shown says which
    }
  }

  /** All of them: who attached these has not attached others. */
  String texts() {
    StringBuilder all = new StringBuilder(sight.scheme());
    if (Policy.BACKENDS.contains(sight.scheme())) {
      PolicyFiles.audiences(sight.site()).forEach(audience -> all.append(text(audience)));
    }
    return all.toString();
  }
}
