package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.emergency.Emergency;
import de.lifetimecircle.secrets.operations.emergency.EmergencyOutcome;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.emergency.PostMortem;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** Checks the documents: the practised emergency, the runbook, the hand-over. */
record DocumentChecks(ChecklistContext context) {
  /** The age of a drill, half a year, after which people no longer know the steps. */
  private static final Period PRACTICE = Period.ofMonths(6);

  void emergency(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    String drill =
        site.command(
            "emergency "
                + site.secrets().stream()
                    .filter(secret -> secret.shape() != null)
                    .map(InventorySecret::name)
                    .findFirst()
                    .orElse("NAME")
                + " --drill");
    Optional<PostMortem> last =
        PostMortem.in(site.path(InventoryLocation.ProjectFile.POST_MORTEMS)).stream()
            .filter(each -> counts(each, site))
            .reduce((a, b) -> b.day().isBefore(a.day()) ? a : b);
    if (last.isEmpty()) {
      item.missing(drill, "emergency.none", site.place(InventoryLocation.ProjectFile.POST_MORTEMS));
    } else {
      judge(last.get(), drill, item);
    }
    if (site.inventory().contact().isEmpty()) {
      item.missing(site.editing(), "emergency.contact", site.file());
    }
  }

  private void judge(PostMortem last, String drill, ChecklistItemBuilder item) {
    String place =
        context.site().place(InventoryLocation.ProjectFile.POST_MORTEMS) + "/" + last.file();
    if (last.outcome() == EmergencyOutcome.UNKNOWN) {
      item.missing(drill, "emergency.unknown", place);
    } else if (!last.outcome().finished()) {
      String finish = context.site().command(last.finishing());
      item.missing(isOpen(last) ? finish : drill, "emergency.unfinished", place, words(last));
    } else if (last.day().plus(PRACTICE).isBefore(context.today())) {
      item.missing(drill, "emergency.old", context.texts().day(last.day()));
    } else if (last.took().compareTo(Emergency.LIMIT) > 0) {
      item.missing(drill, "emergency.slow", last.file(), last.minutes());
    } else {
      item.proven(
          practice(last.kind()),
          place,
          context.texts().day(last.day()),
          last.took().toSeconds(),
          last.environment(),
          words(last));
      if (last.kind() == PostMortem.Kind.DRILL) {
        practised(item);
      }
    }
  }

  /** Whether there is something to finish: another person may have cleaned up the journals. */
  private boolean isOpen(PostMortem last) {
    String stored = context.site().environment().stored(last.secret());
    return OpenEmergency.in(context.site(), context.texts().language()).stream()
        .anyMatch(open -> open.name().equals(stored) && !open.command().isEmpty());
  }

  private String words(PostMortem each) {
    return each.outcome().words(each.kind(), context.texts().language());
  }

  private static String practice(PostMortem.Kind kind) {
    return switch (kind) {
      case DRILL -> "emergency.drill";
      case LIVE_DRILL -> "emergency.live";
      case REAL -> "emergency.real";
    };
  }

  /** A live drill that went well counts for all, because teams do not practise on production. */
  private static boolean counts(PostMortem each, InventoryLocation site) {
    return each.environment().equals(site.environment().name())
        || (each.kind() == PostMortem.Kind.LIVE_DRILL && each.outcome().finished());
  }

  /** A drill shows that the commands work on a scratch store, without hooks and in no time. */
  private void practised(ChecklistItemBuilder item) {
    Optional<LocalDate> day = context.said(ChecklistPoint.EMERGENCY).map(context::day);
    if (day.isPresent() && day.get().plus(PRACTICE).isBefore(context.today())) {
      item.missing(item.claim(), "emergency.old", context.texts().day(day.get()));
    } else {
      item.onTheirWord("emergency.unpractised");
    }
  }

  void runbook(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    List<CheckFinding> findings = Runbook.findings(site, context.store());
    if (findings.isEmpty()) {
      item.missing(
          site.command("runbook"),
          "runbook.none",
          site.place(InventoryLocation.ProjectFile.RUNBOOK));
    }
    for (CheckFinding finding : findings) {
      if (finding.status() == CheckFinding.Status.OK) {
        item.proven("runbook.proof", finding.name());
      } else {
        item.missing(site.command("runbook"), "plain", finding.text());
      }
    }
  }

  void handover(ChecklistItemBuilder item) {
    InventoryLocation site = context.site();
    for (Handover.To to : Handover.To.values()) {
      Optional<ClaimLog.Entry> done = ClaimLog.of(site).last(to.record());
      String message = "handover --to " + to.word();
      String command = site.command(message + " --delivered-by " + InventoryLocation.PERSON);
      if (!Handover.isReady(site, context.store(), to)) {
        item.missing(site.command(message), "handover.not-ready", to.word());
        continue;
      }
      if (done.isEmpty()) {
        item.missing(command, "handover.none", to.word());
        continue;
      }
      String by = done.get().by();
      String day = context.texts().day(context.day(done.get()));
      if (Handover.says(site, context.store(), to, done.get())) {
        item.said("handover.proof", to.word(), by, day);
      } else {
        item.missing(command, "handover.changed", to.word(), by, day);
      }
    }
  }
}
