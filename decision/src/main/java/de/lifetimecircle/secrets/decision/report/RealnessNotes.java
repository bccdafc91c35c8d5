package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Says in the head of a table which rows were real, and what may not be concluded. Immutable.
 *
 * @param subject whose participants
 * @param words the language
 */
record RealnessNotes(ReportSubject subject, ReportText words) {
  /** For the rows of these figures. */
  String note(List<Measurement> rows) {
    return noteOf(rows.stream().map(Measurement::participant).distinct().toList());
  }

  /** For the rows of these participants. */
  String noteOf(Collection<String> names) {
    List<String> sentences = new ArrayList<>();
    for (Realness realness : List.of(Realness.REAL, Realness.NAMED, Realness.EMULATED)) {
      List<String> those =
          subject.comparison().participants().stream()
              .filter(participant -> participant.realness() == realness)
              .map(Participant::name)
              .filter(names::contains)
              .toList();
      if (!those.isEmpty()) {
        sentences.add(words.text("note." + word(realness), words.list(those)));
      }
    }
    return String.join(" ", sentences);
  }

  static String word(Realness realness) {
    return realness.name().toLowerCase(Locale.ROOT);
  }
}
