package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.Markdown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Formats a post-mortem as Markdown. Used once, by one thread. */
final class PostMortemPage {
  private final Emergency.Builder setup;
  private final InventoryLocation site;
  private final AffectedSecrets targets;
  private final EmergencyFile file;
  private final EmergencyOutcome outcome;
  private final List<RemainingRisk> open;
  private final LocalizedTexts texts;
  private final Markdown page = new Markdown();

  PostMortemPage(
      Emergency.Builder setup,
      AffectedSecrets targets,
      EmergencyFile file,
      EmergencyOutcome outcome,
      List<RemainingRisk> open,
      LocalizedTexts texts) {
    this.setup = setup;
    this.site = setup.site;
    this.targets = targets;
    this.file = file;
    this.outcome = outcome;
    this.open = open;
    this.texts = texts;
  }

  String text(Instant ended) {
    page.line("# " + drill() + texts.text("post.title", targets.stored(), file.service));
    if (setup.drill != null) {
      page.paragraph("**" + texts.text("post.drill") + "**");
    } else if (setup.live) {
      page.paragraph("**" + texts.text("post.live", site.environment().name()) + "**");
    }
    summary(ended);
    stillOpen();
    timeline(ended);
    questions();
    page.heading(2, texts.text("post.signed"));
    page.items(
        List.of(texts.text("post.author"), texts.text("post.date"), texts.text("post.follow-up")));
    return page.toString();
  }

  /** Returns the word that marks each line of a drill; nothing for a real emergency. */
  private String drill() {
    return PostMortem.kind(setup) == PostMortem.Kind.REAL ? "" : texts.text("drill.mark") + " ";
  }

  private void summary(Instant ended) {
    Duration took = file.elapsed(ended);
    page.table(
        List.of(texts.text("post.what"), texts.text("post.fact")),
        List.of(
            row("post.ending", "**" + outcome.words(PostMortem.kind(setup), texts) + "**"),
            row("post.secret", Markdown.code(targets.stored())),
            row("post.purpose", Markdown.plain(targets.secret().description())),
            row("post.changed", codes(targets.changed())),
            row("post.known", EmergencyTimes.minute(site, file.known)),
            row(
                "post.began",
                texts.text("post.by", EmergencyTimes.minute(site, file.began), by(file.by))),
            row("post.ended", outcome.finished() ? EmergencyTimes.minute(site, ended) : "-"),
            row("post.took", texts.text(time(took), EmergencyTimes.minutes(took))),
            row("post.contact", site.inventory().contact().map(Markdown::plain).orElse("-"))));
  }

  private String time(Duration took) {
    if (setup.drill != null) {
      return "post.no-time";
    }
    if (!outcome.finished()) {
      return "post.so-far";
    }
    return took.compareTo(Emergency.LIMIT) <= 0 ? "post.in-time" : "post.late";
  }

  private void stillOpen() {
    if (open.isEmpty()) {
      return;
    }
    page.heading(2, texts.text("post.open"));
    for (RemainingRisk end : open) {
      page.paragraph("**" + Markdown.plain(end.summary()) + "**");
      page.items(end.byHand().stream().map(Markdown::plain).toList());
    }
  }

  private List<String> row(String key, String fact) {
    return List.of(texts.text(key), fact);
  }

  private static String by(String who) {
    return Markdown.plain(who);
  }

  private static String codes(List<String> names) {
    return String.join(", ", names.stream().map(Markdown::code).toList());
  }

  private void timeline(Instant ended) {
    page.heading(2, texts.text("post.timeline"));
    List<List<String>> rows = new ArrayList<>();
    for (TimelineEntry moment : file.timeline) {
      rows.add(row(moment.at(), moment.by(), moment.step(), moment.outcome(), moment.detail()));
    }
    if (outcome != EmergencyOutcome.INTERRUPTED) {
      // This step cannot record its own end before the page is written.
      rows.add(row(ended, setup.who, EmergencyStep.POST_MORTEM, TimelineEntry.Outcome.DONE, ""));
    }
    page.table(
        List.of(
            texts.text("post.at"),
            texts.text("post.clock"),
            texts.text("post.step"),
            texts.text("post.outcome"),
            texts.text("post.detail"),
            texts.text("post.who")),
        rows);
  }

  private List<String> row(
      Instant at, String who, EmergencyStep step, TimelineEntry.Outcome outcome, String detail) {
    return List.of(
        EmergencyTimes.second(site, at),
        EmergencyTimes.minutes(file.elapsed(at)),
        drill() + texts.text("step." + step.word()),
        texts.text("outcome." + outcome.name()),
        Markdown.plain(detail),
        by(who));
  }

  /** Adds the questions for the first two hours, which only people can answer. */
  private void questions() {
    page.heading(2, texts.text("post.questions"));
    question("post.how", List.of());
    question("post.git", List.of(site.commandOnAll("scan --git .")));
    question("post.logs", List.of(site.commandOnAll("scan " + texts.text("post.folder"))));
    question("post.readers", List.of(site.command("audit LOG")));
    question("post.users", List.of());
    question("post.fix", List.of(site.commandOnAll("scan --install-hook")));
  }

  private void question(String key, List<String> commands) {
    page.paragraph("- [ ] " + texts.text(key));
    if (!commands.isEmpty()) {
      page.commands(commands);
    }
    page.paragraph(texts.text("post.answer"));
  }
}
