package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.SourceText;
import java.time.LocalDate;
import java.util.Locale;

/**
 * The team's judgement of one backend under one criterion. Immutable.
 *
 * @param points 0 to 5
 * @param origin who says what it rests on
 * @param day it was read or decided
 * @param source the page, or whose opinion it is
 * @param german why, in one sentence
 * @param english the same
 */
record TeamJudgement(
    double points, Origin origin, LocalDate day, SourceText source, String german, String english) {
  /** Most points that a backend can have under one criterion. */
  static final double MOST = 5;

  /** The basis of a cell in the report. */
  enum Origin {
    /** A run of the comparison on the machine that the report names. */
    MEASURED,
    /** The contract, the code, or a sum of figures that have sources of their own. */
    COUNTED,
    /** The vendor's own document. */
    VENDOR,
    /** Others, who quote the vendor. */
    QUOTED,
    /** The team's own judgement. */
    TEAM;

    /** The word in the file and in the bundles. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The sentence in one of the two languages. */
  String why(Locale language) {
    return language.getLanguage().equals("de") ? german : english;
  }
}
