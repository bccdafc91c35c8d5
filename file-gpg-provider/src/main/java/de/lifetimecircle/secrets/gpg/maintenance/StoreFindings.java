package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Finding;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a report will say, gravest first. Used by one thread. */
final class StoreFindings {
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  void fact(String name, Object value) {
    facts.put(name, String.valueOf(value));
  }

  /** A step on a file that may be damaged, missing or not ours. */
  @FunctionalInterface
  interface Step<T> {
    @Nullable T run() throws IOException;
  }

  /**
   * Runs a step. If its file is damaged, reports the reason for that subject, ending with those
   * words, and returns null.
   */
  <T> @Nullable T unlessDamaged(String subject, String end, Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      damaged(subject, e.reason() + end);
      return null;
    }
  }

  void damaged(String subject, String text) {
    add(Level.DAMAGED, subject, text);
  }

  void unproved(String subject, String text) {
    add(Level.UNPROVED, subject, text);
  }

  void note(String subject, String text) {
    add(Level.NOTE, subject, text);
  }

  void add(Level level, String subject, String text) {
    Finding finding = new Finding(level, subject, text);
    if (!findings.contains(finding)) {
      findings.add(finding);
    }
  }

  void addAll(StoreFindings others) {
    others.findings.forEach(finding -> add(finding.level(), finding.subject(), finding.text()));
  }

  boolean hasDamage() {
    return findings.stream().anyMatch(finding -> finding.level() == Level.DAMAGED);
  }

  /** Returns whether anything is worse than a note. */
  boolean isGrave() {
    return findings.stream().anyMatch(finding -> finding.level() != Level.NOTE);
  }

  StoreReport report() {
    List<Finding> sorted = new ArrayList<>(findings);
    sorted.sort(Comparator.comparing(Finding::level));
    return new StoreReport(facts, sorted);
  }
}
