package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.handover.Records;
import de.lifetimecircle.secrets.operations.handover.Site;
import de.lifetimecircle.secrets.operations.handover.Texts;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tick in the making: gathers proofs and what is missing. Used by one thread. */
final class Draft {
  private final Point point;
  private final Site site;
  private final Texts texts;
  private final List<String> proof = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private String command = "";
  private boolean claimed;

  Draft(Point point, Site site, Texts texts) {
    this.point = point;
    this.site = site;
    this.texts = texts;
  }

  /** Something was seen. */
  Draft proven(String key, Object... parts) {
    proof.add(texts.text(key, parts));
    return this;
  }

  /** Somebody has said something, and what they said it of is as it was. */
  Draft said(String key, Object... parts) {
    claimed = true;
    return proven(key, parts);
  }

  /** Something is not so; the first command is the one to begin with. */
  Draft missing(String mend, String key, Object... parts) {
    missing.add(texts.text(key, parts));
    command = command.isEmpty() ? mend : command;
    return this;
  }

  /** The command with which somebody says that it is so. */
  String claim() {
    return site.command("status --claim " + point.word() + " --by NAME");
  }

  /**
   * Takes somebody's word for what cannot be seen; without one it is missing.
   *
   * @param object what it has to be said of
   * @param key says what nobody has said
   */
  Draft onTheirWord(Optional<Records.Entry> said, String object, String key, Object... parts) {
    if (said.isEmpty()) {
      return missing(claim(), key, parts);
    }
    Records.Entry entry = said.get();
    LocalDate day = LocalDate.ofInstant(entry.at(), site.inventory().zone());
    if (!entry.digest().equals(Records.digest(object))) {
      return missing(claim(), "claim.other", entry.by(), texts.day(day));
    }
    return said("claim", entry.by(), texts.day(day));
  }

  boolean complete() {
    return missing.isEmpty();
  }

  Tick tick() {
    Tick.State state =
        !missing.isEmpty() ? Tick.State.MISSING : claimed ? Tick.State.CLAIMED : Tick.State.PROVEN;
    return new Tick(point, state, texts.text("point." + point.word()), proof, missing, command);
  }
}
