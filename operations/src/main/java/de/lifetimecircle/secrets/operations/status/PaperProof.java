package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.AttestationLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.emergency.Emergency;
import de.lifetimecircle.secrets.operations.emergency.EmergencyOutcome;
import de.lifetimecircle.secrets.operations.emergency.PostMortem;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** Checks the documents: the practised emergency, the runbook, the hand-over. */
record PaperProof(ChecklistInput sight) {
  /** The age of a drill, half a year, after which people no longer know the steps. */
  private static final Period PRACTICE = Period.ofMonths(6);

  void look(ChecklistPoint point, ChecklistItemBuilder draft) {
    switch (point) {
      case EMERGENCY -> emergency(draft);
      case RUNBOOK -> runbook(draft);
      default -> handover(draft);
    }
  }

  private void emergency(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    String drill =
        site.here()
            .command(
                "emergency "
                    + site.secrets().stream()
                        .filter(secret -> secret.shape() != null)
                        .map(InventorySecret::name)
                        .findFirst()
                        .orElse("NAME")
                    + " --drill");
    Optional<PostMortem> last =
        PostMortem.in(site.path(InventoryLocation.Paper.POST_MORTEMS)).stream()
            .filter(each -> counts(each, site))
            .reduce((a, b) -> b.day().isBefore(a.day()) ? a : b);
    if (last.isEmpty()) {
      draft.missing(drill, "emergency.none", site.place(InventoryLocation.Paper.POST_MORTEMS));
    } else {
      judge(last.get(), drill, draft);
    }
    if (site.inventory().contact().isEmpty()) {
      draft.missing(site.here().editing(), "emergency.contact", site.file());
    }
  }

  private void judge(PostMortem last, String drill, ChecklistItemBuilder draft) {
    String place = sight.site().place(InventoryLocation.Paper.POST_MORTEMS) + "/" + last.file();
    if (!last.outcome().finished()) {
      boolean unknown = last.outcome() == EmergencyOutcome.UNKNOWN;
      String key = unknown ? "emergency.unknown" : "emergency.unfinished";
      draft.missing(drill, key, place, words(last));
    } else if (last.day().plus(PRACTICE).isBefore(sight.today())) {
      draft.missing(drill, "emergency.old", sight.texts().day(last.day()));
    } else if (last.took().compareTo(Emergency.LIMIT) > 0) {
      draft.missing(drill, "emergency.slow", last.file(), last.took().toMinutes());
    } else {
      draft.proven(
          practice(last.kind()),
          place,
          sight.texts().day(last.day()),
          last.took().toSeconds(),
          last.environment(),
          words(last));
      if (last.kind() == PostMortem.Kind.DRILL) {
        practised(draft);
      }
    }
  }

  private String words(PostMortem each) {
    return each.outcome().words(each.kind(), sight.texts().language());
  }

  private static String practice(PostMortem.Kind kind) {
    return switch (kind) {
      case DRILL -> "emergency.drill";
      case LIVE_DRILL -> "emergency.live";
      case REAL -> "emergency.real";
    };
  }

  /** A live drill that went well counts for all, because nobody practises on production. */
  private static boolean counts(PostMortem each, InventoryLocation site) {
    return each.environment().equals(site.environment().name())
        || (each.kind() == PostMortem.Kind.LIVE_DRILL && each.outcome().finished());
  }

  /** A drill shows that the commands work on a scratch store, without hooks and in no time. */
  private void practised(ChecklistItemBuilder draft) {
    Optional<AttestationLog.Entry> said = sight.said(ChecklistPoint.EMERGENCY);
    if (said.isPresent() && day(said.get()).plus(PRACTICE).isBefore(sight.today())) {
      draft.missing(draft.claim(), "emergency.old", sight.texts().day(day(said.get())));
    } else {
      draft.onTheirWord(said, sight.scheme(), "emergency.unpractised");
    }
  }

  private void runbook(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    List<CheckFinding> findings = Runbook.findings(site, sight.store());
    if (findings.isEmpty()) {
      draft.missing(
          site.here().command("runbook"),
          "runbook.none",
          site.place(InventoryLocation.Paper.RUNBOOK));
    }
    for (CheckFinding finding : findings) {
      if (finding.status() == CheckFinding.Status.OK) {
        draft.proven("runbook.proof", finding.name());
      } else {
        draft.missing(
            site.here().command("runbook"), "plain", finding.subject() + ": " + finding.detail());
      }
    }
  }

  private void handover(ChecklistItemBuilder draft) {
    InventoryLocation site = sight.site();
    for (Handover.To to : Handover.To.values()) {
      Optional<AttestationLog.Entry> done = AttestationLog.of(site).last(to.record());
      String command =
          site.here()
              .command(
                  "handover --to " + to.word() + " --delivered-by " + InventoryLocation.PERSON);
      if (!Handover.isReady(site, sight.store(), to)) {
        draft.missing(
            site.here().command("handover --to " + to.word()), "handover.not-ready", to.word());
      } else if (done.isEmpty()) {
        draft.missing(command, "handover.none", to.word());
      } else if (!Handover.says(site, sight.store(), to, done.get())) {
        draft.missing(
            command,
            "handover.changed",
            to.word(),
            done.get().by(),
            sight.texts().day(day(done.get())));
      } else {
        draft.said(
            "handover.proof", to.word(), done.get().by(), sight.texts().day(day(done.get())));
      }
    }
  }

  private LocalDate day(AttestationLog.Entry entry) {
    return LocalDate.ofInstant(entry.at(), sight.site().inventory().zone());
  }
}
