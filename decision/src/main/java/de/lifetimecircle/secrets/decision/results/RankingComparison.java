package de.lifetimecircle.secrets.decision.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether two runs rank alike what they both measured: every pair of participants whose intervals
 * lie apart in both. Immutable.
 *
 * @param agreed how many pairs they rank alike
 * @param contradictions the pairs that they rank the other way round
 * @param overlaps the pairs whose intervals overlap in one of them, which must not be ranked
 */
public record RankingComparison(int agreed, List<String> contradictions, List<String> overlaps) {
  /** Copies both lists. */
  public RankingComparison {
    contradictions = List.copyOf(contradictions);
    overlaps = List.copyOf(overlaps);
  }

  /** Compares two results. */
  public static RankingComparison of(ComparisonRun first, ComparisonRun second) {
    Map<String, Measurement> others = new LinkedHashMap<>();
    second.measurements().forEach(each -> others.put(key(each), each));
    List<Measurement> common =
        first.measurements().stream().filter(each -> others.containsKey(key(each))).toList();
    int agreed = 0;
    List<String> contradictions = new ArrayList<>();
    List<String> overlaps = new ArrayList<>();
    for (int i = 0; i < common.size(); i++) {
      for (int j = i + 1; j < common.size(); j++) {
        Measurement a = common.get(i);
        Measurement b = common.get(j);
        if (!a.isComparableWith(b)) {
          continue;
        }
        Measurement a2 = others.getOrDefault(key(a), a);
        Measurement b2 = others.getOrDefault(key(b), b);
        if (!a.isApartFrom(b) || !a2.isApartFrom(b2)) {
          overlaps.add(sentence(a, b, a2, b2));
        } else if (a.median() < b.median() == a2.median() < b2.median()) {
          agreed++;
        } else {
          contradictions.add(sentence(a, b, a2, b2));
        }
      }
    }
    return new RankingComparison(agreed, contradictions, overlaps);
  }

  private static String key(Measurement each) {
    return String.join(
        "/",
        each.id(),
        each.participant(),
        each.client(),
        each.unit(),
        String.valueOf(each.roundTripMillis()));
  }

  private static String sentence(Measurement a, Measurement b, Measurement a2, Measurement b2) {
    String place =
        a.roundTripMillis() == 0 ? "" : " at " + Measurement.tripText(a.roundTripMillis()) + " ms";
    return String.format(
        Locale.ROOT,
        "%s%s: %s %s and %s %s, then %s and %s",
        a.id(),
        place,
        who(a),
        interval(a),
        who(b),
        interval(b),
        interval(a2),
        interval(b2));
  }

  private static String who(Measurement each) {
    return each.client().equals(Measurement.PROVIDER)
        ? each.participant()
        : each.participant() + " by " + each.client();
  }

  private static String interval(Measurement each) {
    return String.format(
        Locale.ROOT, "%.4g %s (%.4g to %.4g)", each.median(), each.unit(), each.low(), each.high());
  }

  /** Returns the agreement as lines for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    append(text, "They contradict each other:", contradictions);
    append(text, "Not to be ranked, since the intervals overlap in one of them:", overlaps);
    return text.append(
            String.format(
                Locale.ROOT,
                "%d pairs ranked alike, %d overlap, %d contradict%n",
                agreed,
                overlaps.size(),
                contradictions.size()))
        .toString();
  }

  private static void append(StringBuilder text, String head, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append(head).append('\n');
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
      text.append('\n');
    }
  }
}
