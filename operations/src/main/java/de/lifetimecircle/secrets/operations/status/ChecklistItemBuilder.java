package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds a checklist item: collects its evidence and its missing parts. Used by one thread. */
final class ChecklistItemBuilder {
  private final ChecklistPoint point;
  private final InventoryLocation site;
  private final LocalizedTexts texts;
  private final List<String> proof = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Set<String> commands = new LinkedHashSet<>();
  private final Set<String> incomplete = new HashSet<>();
  private boolean claimed;

  ChecklistItemBuilder(ChecklistPoint point, InventoryLocation site, LocalizedTexts texts) {
    this.point = point;
    this.site = site;
    this.texts = texts;
  }

  /** Adds a checked fact. */
  ChecklistItemBuilder proven(String key, Object... parts) {
    proof.add(texts.text(key, parts));
    return this;
  }

  /** Adds a claim whose subject has not changed. */
  ChecklistItemBuilder said(String key, Object... parts) {
    claimed = true;
    return proven(key, parts);
  }

  /** Adds a missing part; the item has each command once. */
  ChecklistItemBuilder missing(String command, String key, Object... parts) {
    missing.add(texts.text(key, parts));
    commands.add(command);
    return this;
  }

  /** Marks a command in which a person has to fill in something first, and returns it. */
  String incomplete(String command) {
    incomplete.add(command);
    return command;
  }

  /** Returns the command that records a claim. */
  String claim() {
    return site.here()
        .command("status --claim " + point.word() + " --by " + InventoryLocation.PERSON);
  }

  /**
   * Adds the claim about a part that cannot be checked; without one the part is missing.
   *
   * @param object the subject of the claim
   * @param key the text for a missing claim
   */
  ChecklistItemBuilder onTheirWord(
      Optional<ClaimLog.Entry> said, String object, String key, Object... parts) {
    if (said.isEmpty()) {
      return missing(claim(), key, parts);
    }
    ClaimLog.Entry entry = said.get();
    LocalDate day = LocalDate.ofInstant(entry.at(), site.inventory().zone());
    if (!entry.digest().equals(ClaimLog.digest(object))) {
      return missing(claim(), "claim.other", entry.by(), texts.day(day));
    }
    return said("claim", entry.by(), texts.day(day));
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
        texts.text("point." + point.word()),
        proof,
        missing,
        List.copyOf(commands),
        incomplete);
  }
}
