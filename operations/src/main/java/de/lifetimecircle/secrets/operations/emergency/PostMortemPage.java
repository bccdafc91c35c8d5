package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.Markdown;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fills PostMortem.jte. Immutable.
 *
 * @param open the risks that remain
 * @param ended the time of the page
 */
record PostMortemPage(
    EmergencySettings settings,
    AffectedSecrets targets,
    EmergencyJournal journal,
    EmergencyOutcome outcome,
    List<OpenItem> open,
    LocalizedTexts texts,
    Instant ended) {
  String markdown() {
    return Templates.text(out -> JtePostMortemGenerated.render(out, null, this));
  }

  String text(String key, Object... arguments) {
    return texts.text(key, arguments);
  }

  InventoryLocation site() {
    return settings.site();
  }

  PostMortem.Kind kind() {
    return settings.kind();
  }

  /** Returns the word that marks each line of a drill; nothing for a real emergency. */
  String drill() {
    return kind() == PostMortem.Kind.REAL ? "" : texts.text("drill.mark") + " ";
  }

  String minute(Instant time) {
    return EmergencyTimes.minute(site(), time);
  }

  String second(Instant time) {
    return EmergencyTimes.second(site(), time);
  }

  /** Returns the time since the exposure was known. */
  String clock(Instant time) {
    return EmergencyTimes.minutes(journal.elapsed(time));
  }

  String changed() {
    return targets.changed().stream().map(Markdown::code).collect(Collectors.joining(", "));
  }

  String contact() {
    return site().inventory().contact().map(Markdown::plain).orElse("-");
  }

  String took() {
    Duration took = journal.elapsed(ended);
    String key;
    if (kind() == PostMortem.Kind.DRILL) {
      key = "post.no-time";
    } else if (!outcome.finished()) {
      key = "post.so-far";
    } else {
      key = took.compareTo(Emergency.LIMIT) <= 0 ? "post.in-time" : "post.late";
    }
    return texts.text(key, EmergencyTimes.minutes(took));
  }

  List<TimelineEntry> timeline() {
    List<TimelineEntry> timeline = new ArrayList<>(journal.timeline());
    if (outcome != EmergencyOutcome.INTERRUPTED) {
      // This step cannot record its own end before the page is written.
      timeline.add(
          new TimelineEntry(
              ended,
              settings.signature(),
              EmergencyStep.POST_MORTEM,
              TimelineEntry.Outcome.DONE,
              "",
              0));
    }
    return timeline;
  }
}
