package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The points of one backend under one criterion, the sentences on it and their sources. Not
 * thread-safe while it is filled.
 */
final class Finding {
  private Optional<Point> point = Optional.empty();
  private final List<Function<ReportText, String>> found = new ArrayList<>();
  private final List<Function<ReportText, String>> sources = new ArrayList<>();

  /**
   * Points and their author.
   *
   * @param points 0 to 5
   * @param origin the author
   */
  public record Point(double points, Origin origin) {}

  /** Gives it points, brought into the range from 0 to 5. */
  Finding points(double points, Origin origin) {
    point = Optional.of(new Point(Math.max(0, Math.min(TeamJudgement.MOST, points)), origin));
    return this;
  }

  Finding found(Function<ReportText, String> sentence) {
    found.add(sentence);
    return this;
  }

  Finding source(Function<ReportText, String> source) {
    sources.add(source);
    return this;
  }

  /** Empty where nothing is known: the backend is then not ranked. */
  Optional<Point> point() {
    return point;
  }

  /** Returns the sentences. */
  String found(ReportText words) {
    return joined(found, " ", words);
  }

  /** Returns the sources, each with its day. */
  String sources(ReportText words) {
    return joined(sources, "; ", words);
  }

  private static String joined(
      List<Function<ReportText, String>> texts, String between, ReportText words) {
    return texts.isEmpty()
        ? words.text("found.nothing")
        : String.join(between, texts.stream().map(text -> text.apply(words)).toList());
  }
}
