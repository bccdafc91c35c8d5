package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.PolicyFiles;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the policy files with those that would be written now. Whether they are attached is a
 * claim.
 */
record PolicyCheck(ChecklistContext context) {
  void check(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    if (!AccessPolicy.BACKENDS.contains(context.scheme())) {
      item.onTheirWord(
          context.said(ChecklistPoint.POLICIES), texts(), "policies.unknown", context.scheme());
      return;
    }
    List<String> placeholders =
        Placeholders.in(site.inventory(), site.environment(), context.scheme());
    if (!placeholders.isEmpty()) {
      item.missing(site.here().editing(), "policies.placeholder", String.join(", ", placeholders));
    }
    // They would grant rights in another account, vault or mount.
    context.findings().stream()
        .filter(finding -> finding.reason() == CheckFinding.Reason.ELSEWHERE)
        .forEach(wrong -> item.missing(site.here().editing(), "plain", wrong.text()));
    List<String> same = new ArrayList<>();
    for (AccessPolicy.Audience audience : PolicyFiles.audiences(site)) {
      String place = PolicyFiles.place(site, context.scheme(), audience);
      String command = PolicyFiles.writing(site.here(), context.scheme(), audience);
      String kept = RepositoryFile.read(site.folder().resolve(place), "the policy").orElse("");
      if (kept.isEmpty()) {
        item.missing(command, "policies.none", place);
      } else if (!kept.equals(text(audience))) {
        item.missing(command, "policies.other", place);
      } else {
        same.add(place);
      }
    }
    if (item.complete()) {
      item.proven("policies.proof", String.join(", ", same));
      item.onTheirWord(context.said(ChecklistPoint.POLICIES), texts(), "policies.unattached");
    }
  }

  private String text(AccessPolicy.Audience audience) {
    InventoryLocation site = context.site();
    try {
      return AccessPolicy.text(
          site.inventory(), site.environment().name(), audience, context.scheme());
    } catch (SecretException e) {
      return ""; // the inventory lacks a fact; the command that is shown says which
    }
  }

  /** Returns all policies as one subject: a claim does not cover later ones. */
  String texts() {
    StringBuilder all = new StringBuilder(context.scheme());
    if (AccessPolicy.BACKENDS.contains(context.scheme())) {
      PolicyFiles.audiences(context.site()).forEach(audience -> all.append(text(audience)));
    }
    return all.toString();
  }
}
