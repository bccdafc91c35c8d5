package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.SourceText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the weights and judgements that the team edits. Not thread-safe. */
final class DecisionFile {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,2})?");
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final double TOLERANCE = 0.001;

  private final LocalDate today;
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final Map<DecisionCriterion, Double> weights = new EnumMap<>(DecisionCriterion.class);
  private final Map<DecisionCriterion, Map<String, TeamJudgement>> judgements =
      new EnumMap<>(DecisionCriterion.class);
  private DecisionPolicy.Basis basis = DecisionPolicy.Basis.TOTAL;

  private DecisionFile(LocalDate today) {
    this.today = today;
  }

  /**
   * Reads a file.
   *
   * @param today the day that no judgement may be younger than
   * @throws IllegalArgumentException what is wrong with it, in one sentence
   */
  static DecisionPolicy read(DataFile file, LocalDate today) {
    DecisionFile reader = new DecisionFile(today);
    List<String> text = file.lines();
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      int equals = line.indexOf('=');
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String key = equals < 1 ? "" : line.substring(0, equals).strip();
      if (key.isEmpty() || reader.lines.put(key, line.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException(
            file.name() + " line " + (i + 1) + ": expected: key = value, each key once");
      }
    }
    try {
      return reader.stance();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file.name() + ": " + e.getMessage(), e);
    }
  }

  private DecisionPolicy stance() {
    lines.keySet().stream().filter(key -> !isSentence(key)).forEach(this::place);
    lines.keySet().stream().filter(DecisionFile::isSentence).forEach(this::requireJudgement);
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      if (!weights.containsKey(criterion)) {
        throw new IllegalArgumentException("lacks the key weight." + criterion.word());
      }
    }
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(sum - DecisionPolicy.ALL) > TOLERANCE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the weights add up to %s (expected: 100); change one of those that begin with"
                  + " weight.",
              plain(sum)));
    }
    return new DecisionPolicy(weights, judgements, basis);
  }

  private void place(String key) {
    try {
      String value = Objects.requireNonNull(lines.get(key));
      if (key.equals("price.basis")) {
        basis = basis(value);
      } else if (key.startsWith("weight.")) {
        weights.put(
            criterion(key.substring("weight.".length())), number(value, DecisionPolicy.ALL));
      } else {
        judge(key, value);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  private void judge(String key, String value) {
    int dot = key.indexOf('.');
    String scheme = key.substring(dot + 1);
    if (dot < 1 || !SCHEME.matcher(scheme).matches()) {
      throw new IllegalArgumentException(
          "unknown key (expected: price.basis, weight.CRITERION or CRITERION.BACKEND)");
    }
    DecisionCriterion criterion = criterion(key.substring(0, dot));
    List<String> parts = new ArrayList<>();
    for (String part : value.split("\\|", -1)) {
      parts.add(part.strip());
    }
    if (parts.size() < 4 || parts.size() > 5 || parts.contains("")) {
      throw new IllegalArgumentException(
          "expected: points | origin | day | source | source in German");
    }
    TeamJudgement judgement =
        new TeamJudgement(
            number(parts.get(0), TeamJudgement.MOST),
            origin(parts.get(1)),
            day(parts.get(2)),
            SourceText.of(parts.subList(3, parts.size())),
            sentence(key, "de"),
            sentence(key, "en"));
    judgements.computeIfAbsent(criterion, c -> new LinkedHashMap<>()).put(scheme, judgement);
  }

  private static boolean isSentence(String key) {
    return key.endsWith(".de") || key.endsWith(".en");
  }

  private void requireJudgement(String key) {
    if (!lines.containsKey(key.substring(0, key.length() - ".de".length()))) {
      throw new IllegalArgumentException(key + ": a sentence without its points");
    }
  }

  private String sentence(String key, String language) {
    String sentence = lines.getOrDefault(key + "." + language, "");
    if (sentence.isEmpty()) {
      throw new IllegalArgumentException(
          "lacks its reason, the key " + key + "." + language + " (expected: one sentence)");
    }
    return sentence;
  }

  private static DecisionCriterion criterion(String word) {
    String known =
        Arrays.stream(DecisionCriterion.values())
            .map(DecisionCriterion::word)
            .collect(Collectors.joining(", "));
    return DecisionCriterion.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown criterion " + word + " (expected: " + known + ")"));
  }

  private static DecisionPolicy.Basis basis(String word) {
    for (DecisionPolicy.Basis basis : DecisionPolicy.Basis.values()) {
      if (basis.name().toLowerCase(Locale.ROOT).equals(word)) {
        return basis;
      }
    }
    throw new IllegalArgumentException(word + " (expected: total or paid)");
  }

  private static TeamJudgement.Origin origin(String word) {
    for (TeamJudgement.Origin origin : TeamJudgement.Origin.values()) {
      if (origin != TeamJudgement.Origin.MEASURED && origin.word().equals(word)) {
        return origin;
      }
    }
    throw new IllegalArgumentException(word + " (expected: vendor, quoted, counted or team)");
  }

  private LocalDate day(String text) {
    LocalDate day;
    try {
      day = LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text + " (expected: a day such as 2026-11-25)", e);
    }
    if (day.isAfter(today)) {
      throw new IllegalArgumentException(text + " (expected: a day that has come)");
    }
    return day;
  }

  private static double number(String text, double most) {
    if (!NUMBER.matcher(text).matches() || Double.parseDouble(text) > most) {
      throw new IllegalArgumentException(text + " (expected: a number, 0 to " + plain(most) + ")");
    }
    return Double.parseDouble(text);
  }

  private static String plain(double number) {
    return new BigDecimal(String.format(Locale.ROOT, "%.2f", number))
        .stripTrailingZeros()
        .toPlainString();
  }
}
