package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the workflow with the one that would be written now. For a different workflow it checks
 * that {@code secrets exec} reads the secrets and that no variable is set for later steps.
 */
record WorkflowCheck(ChecklistContext context) {
  private static final Pattern ARCHIVE = Pattern.compile("ARCHIVE: (\\S+)");
  private static final Pattern SUM = Pattern.compile("SHA256: ([0-9a-f]{64})");

  /** A comment runs nothing. */
  private static final Pattern EXEC = Pattern.compile("(?m)^[^#\\n]*secrets\"?\\s+exec\\s");

  void check(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    String place = site.place(InventoryLocation.ProjectFile.WORKFLOW);
    String command =
        CiSystem.BACKENDS.contains(context.scheme())
            ? item.incomplete(
                site.writingOut(
                    "ci github --backend " + context.scheme() + " --archive URL --sha256 SUM",
                    place))
            : site.editing(place);
    Optional<String> kept = context.file(InventoryLocation.ProjectFile.WORKFLOW);
    if (kept.isEmpty()) {
      if (context.said(ChecklistPoint.WORKFLOW).isEmpty()
          && CiSystem.BACKENDS.contains(context.scheme())) {
        item.missing(command, "workflow.none", place); // a file proves more than a claim
      } else {
        item.onTheirWord("workflow.none", place);
      }
      return;
    }
    if (kept.equals(now(kept.get()))) {
      item.proven("workflow.proof", place);
      return;
    }
    List<String> set =
        site.secrets().stream()
            .map(InventorySecret::name)
            .map(ProgramWiring::variable)
            .filter(variable -> sets(kept.get(), variable))
            .toList();
    if (!set.isEmpty()) {
      item.missing(command, "workflow.sets", place, String.join(", ", set));
    } else if (!EXEC.matcher(kept.get()).find()) {
      item.missing(command, "workflow.no-exec", place);
    } else {
      item.proven("workflow.own", place);
    }
  }

  /** Returns whether a text sets a variable in the shell or for later steps. */
  private static boolean sets(String text, String variable) {
    return Pattern.compile("(export\\s+|\\b)" + Pattern.quote(variable) + "=").matcher(text).find();
  }

  private Optional<String> now(String kept) {
    Matcher archive = ARCHIVE.matcher(kept);
    Matcher sum = SUM.matcher(kept);
    if (!CiSystem.BACKENDS.contains(context.scheme()) || !archive.find() || !sum.find()) {
      return Optional.empty();
    }
    InventoryLocation site = context.site();
    try {
      return Optional.of(
          CiSystem.GITHUB.text(
              site.inventory(),
              site.environment().name(),
              site.inRepository(),
              context.scheme(),
              new CiSystem.Archive(archive.group(1), sum.group(1))));
    } catch (SecretException e) {
      return Optional
          .empty(); // the inventory is incomplete; the shown command says what is missing
    }
  }
}
