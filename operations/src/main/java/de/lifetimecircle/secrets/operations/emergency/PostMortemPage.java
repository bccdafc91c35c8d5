package de.lifetimecircle.secrets.operations.emergency;

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
 * @param ended the time of the page
 */
record PostMortemPage(
    EmergencySettings settings, EmergencySituation seen, EmergencyOutcome outcome, Instant ended) {
  String markdown() {
    return Templates.text(out -> JtePostMortemGenerated.render(out, null, this));
  }

  String text(String key, Object... arguments) {
    return seen.text(key, arguments);
  }

  /** Returns the risks that remain, once all steps have run. */
  List<OpenItem> open() {
    return outcome == EmergencyOutcome.INTERRUPTED ? List.of() : seen.open();
  }

  /** Returns the word that marks each line of a drill; nothing for a real emergency. */
  String drill() {
    return seen.journal().kind() == PostMortem.Kind.REAL ? "" : text("drill.mark") + " ";
  }

  String minute(Instant time) {
    return EmergencyTimes.minute(seen.site(), time);
  }

  String second(Instant time) {
    return EmergencyTimes.second(seen.site(), time);
  }

  /** Returns the time since the exposure was known. */
  String clock(Instant time) {
    return EmergencyTimes.minutes(seen.journal().elapsed(time));
  }

  String affected() {
    return seen.targets().changed().stream().map(Markdown::code).collect(Collectors.joining(", "));
  }

  String contact() {
    return seen.site().inventory().contact().map(Markdown::plain).orElse("-");
  }

  String took() {
    Duration took = seen.journal().elapsed(ended);
    String key;
    if (seen.journal().kind() == PostMortem.Kind.DRILL) {
      key = "post.no-time";
    } else if (!outcome.finished()) {
      key = "post.so-far";
    } else {
      key = took.compareTo(Emergency.LIMIT) <= 0 ? "post.in-time" : "post.late";
    }
    return text(key, EmergencyTimes.minutes(took));
  }

  List<TimelineEntry> timeline() {
    List<TimelineEntry> timeline = new ArrayList<>(seen.journal().timeline());
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
