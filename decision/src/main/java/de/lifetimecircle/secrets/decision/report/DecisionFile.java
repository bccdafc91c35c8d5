package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.Origin;
import de.lifetimecircle.secrets.decision.cost.Source;
import de.lifetimecircle.secrets.decision.cost.SourceText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

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
    file.read(reader::line);
    return DataFile.at(file.name(), reader::policy);
  }

  private void line(String key, String value) {
    if (key.isEmpty() || lines.put(key, value) != null) {
      throw new IllegalArgumentException("expected: key = value, each key once");
    }
  }

  private DecisionPolicy policy() {
    lines.keySet().stream()
        .filter(key -> !isSentence(key))
        .forEach(key -> DataFile.check(key, () -> place(key)));
    lines.keySet().stream().filter(DecisionFile::isSentence).forEach(this::requireJudgement);
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      if (!weights.containsKey(criterion)) {
        throw new IllegalArgumentException("lacks the key weight." + criterion);
      }
    }
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(sum - DecisionPolicy.ALL) > TOLERANCE) {
      throw new IllegalArgumentException(
          "the weights add up to "
              + plain(sum)
              + " (expected: 100); change one of those that begin with weight.");
    }
    return new DecisionPolicy(weights, judgements, basis);
  }

  private void place(String key) {
    String value = lines.getOrDefault(key, "");
    if (key.equals("price.basis")) {
      basis = basis(value);
    } else if (key.startsWith("weight.")) {
      weights.put(criterion(key.substring("weight.".length())), number(value, DecisionPolicy.ALL));
    } else {
      judge(key, value);
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
    List<String> cells = DataFile.cells(value, "points | origin | day | source | source in German");
    double points = number(cells.get(0), TeamJudgement.MOST);
    Source source =
        Source.of(cells.get(2), today, cells.get(1), Origin.TEAM, cells.subList(3, cells.size()));
    String german = sentence(key, "de");
    SourceText why = new SourceText(sentence(key, "en"), german);
    TeamJudgement judgement = new TeamJudgement(points, source, why);
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
    List<String> known = Arrays.stream(DecisionCriterion.values()).map(Enum::toString).toList();
    return DecisionCriterion.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown criterion " + word + " (expected: " + String.join(", ", known) + ")"));
  }

  private static DecisionPolicy.Basis basis(String word) {
    return Arrays.stream(DecisionPolicy.Basis.values())
        .filter(basis -> basis.toString().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word + " (expected: total or paid)"));
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
