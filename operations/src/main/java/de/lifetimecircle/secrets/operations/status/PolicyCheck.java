package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares the policy files with those that would be written now. Whether they are attached is a
 * claim.
 */
record PolicyCheck(ChecklistContext context) {
  void check(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    if (!AccessPolicy.BACKENDS.contains(context.scheme())) {
      item.onTheirWord("policies.unknown", context.scheme());
      return;
    }
    List<String> placeholders =
        Placeholders.in(site.inventory(), site.environment(), context.scheme());
    if (!placeholders.isEmpty()) {
      item.missing(site.editing(), "policies.placeholder", String.join(", ", placeholders));
    }
    // They would grant rights in another account, vault or mount.
    context.findings().stream()
        .filter(finding -> finding.reason() == CheckFinding.Reason.ELSEWHERE)
        .forEach(wrong -> item.missing(site.editing(), "plain", wrong.text()));
    List<String> same = item.compare("policies", policies());
    if (item.complete()) {
      item.proven("policies.proof", String.join(", ", same));
      item.onTheirWord("policies.unattached");
    }
  }

  private List<GeneratedFile> policies() {
    return GeneratedFile.policies(context.site(), context.scheme());
  }

  /** Returns all policies as one subject: a claim does not cover later ones. */
  String texts() {
    return policies().stream()
        .map(policy -> ChecklistItemBuilder.now(policy).orElse(""))
        .collect(Collectors.joining("", context.scheme(), ""));
  }
}
