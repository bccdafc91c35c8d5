package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredTextTest {
  private static final ReportText GERMAN = ReportText.of(Locale.GERMAN);
  private static final ReportText ENGLISH = ReportText.of(Locale.ENGLISH);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8 iterations of 50 ms, not counted | 8 Durchgänge von 50 ms, nicht gezählt",
        "1200 ms, not counted | 1.200 ms, nicht gezählt",
        "Not measured: gpg, throttle: files have no limit of calls. | Nicht gemessen: gpg,"
            + " Verhalten an der Drosselgrenze: Dateien kennen keine Grenze für Aufrufe.",
        "timer gap, longest | Lücke zwischen zwei Blicken auf die Uhr, längste",
        "what a third party says of 3 things | what a third party says of 3 things",
      })
  void whatIsKnownIsSaidInGerman(String sentence, String german) {
    assertThat(GERMAN.said(sentence)).isEqualTo(german);
  }

  @Test
  void inEnglishASentenceStaysAsItIs() {
    String sentence = "asked for every 0.52 ms by 1 caller, timed from the moment it was due";
    assertThat(ENGLISH.said(sentence)).isEqualTo(sentence);
  }

  /** An address or a name in a program reads the same in both languages. */
  @Test
  void everySourceOfTheShippedFilesIsKnown() {
    ReportSubject subject = Subjects.sample();
    MeasuredText said = MeasuredText.in(GERMAN);
    Set<String> sources = new TreeSet<>();
    subject.costs().sources().forEach(source -> sources.add(source.text()));
    subject
        .stance()
        .judgements()
        .values()
        .forEach(each -> each.values().forEach(judgement -> sources.add(judgement.source())));
    sources.removeIf(source -> source.matches("\\S+(, \\S+/\\S+)?|docs/cli.md: secrets rotate"));
    assertThat(sources).hasSizeGreaterThan(20).allMatch(source -> said.known(source).isPresent());
  }

  /** The kept run has every sentence that measuring can say when all goes well. */
  @Test
  void everySentenceOfTheKeptRunIsKnown() {
    ComparisonRun kept = ResultFile.read(Path.of("../docs/decision/compare.json"));
    MeasuredText said = MeasuredText.in(GERMAN);
    Set<String> sentences = new TreeSet<>(kept.noise().keySet());
    sentences.addAll(kept.failures());
    for (Measurement measurement : kept.measurements()) {
      sentences.add(measurement.warmUp());
      sentences.addAll(measurement.notes());
    }
    for (Participant participant : kept.participants()) {
      if (participant.server().contains(" server") || participant.server().contains("(")) {
        sentences.add(participant.server());
      }
    }
    assertThat(sentences).isNotEmpty().allMatch(sentence -> said.known(sentence).isPresent());
  }
}
