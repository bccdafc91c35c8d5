package de.lifetimecircle.secrets.decision.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in the language of a report what the measuring program said in English. The English texts
 * whose keys begin with {@code said.} are the sentences that it says, with places for what varies;
 * what is none of them, such as the note of a third party's backend, stays as it is. Immutable.
 */
final class MeasuredText {
  private static final String PREFIX = "said.";
  private static final Pattern PLACE = Pattern.compile("\\{\\d}");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

  private final ReportText words;
  private final List<Sentence> sentences;

  /** A sentence that is known: its key, and what it looks like. */
  private record Sentence(String key, Pattern form) {}

  private MeasuredText(ReportText words, List<Sentence> sentences) {
    this.words = words;
    this.sentences = sentences;
  }

  static MeasuredText in(ReportText words) {
    ReportText english = ReportText.of(java.util.Locale.ENGLISH);
    List<Sentence> sentences = new ArrayList<>();
    // The one with the most text of its own comes first, as it says most.
    english.keys(PREFIX).stream()
        .sorted(
            Comparator.comparingInt(
                    (String key) -> PLACE.matcher(english.raw(key)).replaceAll("").length())
                .reversed())
        .forEach(key -> sentences.add(new Sentence(key, form(english.raw(key)))));
    return new MeasuredText(words, List.copyOf(sentences));
  }

  private static Pattern form(String text) {
    StringBuilder form = new StringBuilder();
    Matcher place = PLACE.matcher(text);
    int end = 0;
    while (place.find()) {
      form.append(Pattern.quote(text.substring(end, place.start()))).append("(.+?)");
      end = place.end();
    }
    return Pattern.compile(form.append(Pattern.quote(text.substring(end))).toString());
  }

  /** The sentence in the language of the report; empty if it is not known. */
  Optional<String> known(String sentence) {
    for (Sentence each : sentences) {
      Matcher matcher = each.form().matcher(sentence);
      if (matcher.matches()) {
        Object[] parts = new Object[matcher.groupCount()];
        for (int i = 0; i < parts.length; i++) {
          parts[i] = of(matcher.group(i + 1));
        }
        return Optional.of(words.text(each.key(), parts));
      }
    }
    return Optional.empty();
  }

  /** The sentence in the language of the report if it is known, else as it is. */
  String of(String sentence) {
    if (NUMBER.matcher(sentence).matches()) {
      int dot = sentence.indexOf('.');
      return words.fixed(Double.parseDouble(sentence), dot < 0 ? 0 : sentence.length() - dot - 1);
    }
    return known(sentence).orElse(words.name("measure", sentence));
  }
}
