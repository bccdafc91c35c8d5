package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.PolicyFiles;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the policy files with those that would be written now. Whether somebody has attached
 * them is a claim.
 */
record PolicyProof(ChecklistInput sight) {
  void look(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    if (!AccessPolicy.BACKENDS.contains(sight.scheme())) {
      draft.onTheirWord(
          sight.said(ChecklistPoint.POLICIES), texts(), "policies.unknown", sight.scheme());
      return;
    }
    List<String> placeholders =
        Placeholders.in(site.inventory(), site.environment(), sight.scheme());
    if (!placeholders.isEmpty()) {
      draft.missing(site.here().editing(), "policies.placeholder", String.join(", ", placeholders));
    }
    // They would grant rights in another account, vault or mount.
    sight
        .wrong(site.inventory().source())
        .forEach(wrong -> draft.missing(site.here().editing(), "plain", wrong.text()));
    List<String> same = new ArrayList<>();
    for (AccessPolicy.Audience audience : PolicyFiles.audiences(site)) {
      String place = PolicyFiles.place(site, sight.scheme(), audience);
      String command = PolicyFiles.writing(site.here(), sight.scheme(), audience);
      String kept = RepositoryFile.read(site.folder().resolve(place), "the policy").orElse("");
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
      draft.onTheirWord(sight.said(ChecklistPoint.POLICIES), texts(), "policies.unattached");
    }
  }

  private String text(AccessPolicy.Audience audience) {
    InventoryLocation site = sight.site();
    try {
      return AccessPolicy.text(
          site.inventory(), site.environment().name(), audience, sight.scheme());
    } catch (SecretException e) {
      return ""; // the inventory lacks a fact; the command that is shown says which
    }
  }

  /** Returns all policies as one subject: a claim does not cover later ones. */
  String texts() {
    StringBuilder all = new StringBuilder(sight.scheme());
    if (AccessPolicy.BACKENDS.contains(sight.scheme())) {
      PolicyFiles.audiences(sight.site()).forEach(audience -> all.append(text(audience)));
    }
    return all.toString();
  }
}
