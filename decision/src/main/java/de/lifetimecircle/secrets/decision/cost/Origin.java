package de.lifetimecircle.secrets.decision.cost;

import java.util.Locale;
import java.util.stream.Stream;

/** The author of a figure or a judgement. */
public enum Origin {
  /** A run of the comparison on the machine that the report names. */
  MEASURED,
  /** The vendor's own page. */
  VENDOR,
  /** Others, who quote the vendor. */
  QUOTED,
  /** The contract, our code, or a sum of figures that have sources of their own. */
  COUNTED,
  /** The team's guess of a figure. */
  JUDGEMENT,
  /** The team's opinion of a backend. */
  TEAM,
  /** The command line of this run. */
  GIVEN;

  /**
   * Reads the word of a data file.
   *
   * @param own the word that only this file has, beside vendor, quoted and counted
   * @throws IllegalArgumentException if it is another one
   */
  static Origin of(String word, Origin own) {
    return Stream.of(VENDOR, QUOTED, COUNTED, own)
        .filter(origin -> origin.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    word + " (expected: vendor, quoted, counted or " + own + ")"));
  }

  /** The word in files, bundles and reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
