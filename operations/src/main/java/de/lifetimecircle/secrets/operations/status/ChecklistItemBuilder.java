package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds a checklist item: collects its evidence and its missing parts. Used by one thread. */
final class ChecklistItemBuilder {
  private final ChecklistPoint point;
  private final ChecklistContext context;
  private final List<String> proof = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Set<String> commands = new LinkedHashSet<>();
  private final Set<String> incomplete = new HashSet<>();
  private boolean claimed;

  ChecklistItemBuilder(ChecklistPoint point, ChecklistContext context) {
    this.point = point;
    this.context = context;
  }

  /** Adds a checked fact. */
  void proven(String key, Object... parts) {
    proof.add(context.texts().text(key, parts));
  }

  /** Adds a claim whose subject has not changed. */
  void said(String key, Object... parts) {
    claimed = true;
    proven(key, parts);
  }

  /** Adds a missing part; the item has each command once. */
  void missing(String command, String key, Object... parts) {
    missing.add(context.texts().text(key, parts));
    commands.add(command);
  }

  /** Marks a command in which a person has to fill in something first, and returns it. */
  String incomplete(String command) {
    incomplete.add(command);
    return command;
  }

  /** Returns the command that records a claim. */
  String claim() {
    return context
        .site()
        .command("status --claim " + point.word() + " --by " + InventoryLocation.PERSON);
  }

  /**
   * Adds the claim about a part that cannot be checked; without one the part is missing.
   *
   * @param key the text for a missing claim
   */
  void onTheirWord(String key, Object... parts) {
    Optional<ClaimLog.Entry> said = context.said(point);
    if (said.isEmpty()) {
      missing(claim(), key, parts);
      return;
    }
    String by = said.get().by();
    String day = context.texts().day(context.day(said.get()));
    if (said.get().digest().equals(ClaimLog.digest(Checklist.object(point, context)))) {
      said("claim", by, day);
    } else {
      missing(claim(), "claim.other", by, day);
    }
  }

  /**
   * Adds each file that is missing or differs from what would be written now.
   *
   * @param key the beginning of the texts about it
   * @return the places of the others
   */
  List<String> compare(String key, List<GeneratedFile> files) {
    List<String> same = new ArrayList<>();
    for (GeneratedFile file : files) {
      String kept = file.kept().orElse("");
      if (kept.isEmpty()) {
        missing(file.writing(), key + ".none", file.place());
      } else if (!now(file).equals(Optional.of(kept))) {
        missing(file.writing(), key + ".other", file.place());
      } else {
        same.add(file.place());
      }
    }
    return same;
  }

  /** Returns the text; empty if a fact is missing, which the command that writes it names. */
  static Optional<String> now(GeneratedFile file) {
    try {
      return Optional.of(file.text().get());
    } catch (SecretException e) {
      return Optional.empty();
    }
  }

  boolean complete() {
    return missing.isEmpty();
  }

  ChecklistItem build() {
    ChecklistItem.State state =
        !missing.isEmpty()
            ? ChecklistItem.State.MISSING
            : claimed ? ChecklistItem.State.CLAIMED : ChecklistItem.State.PROVEN;
    return new ChecklistItem(
        point,
        state,
        context.texts().text("point." + point.word()),
        proof,
        missing,
        List.copyOf(commands),
        incomplete);
  }
}
