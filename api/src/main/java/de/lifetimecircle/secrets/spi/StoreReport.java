package de.lifetimecircle.secrets.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of work on the files of a store, or of a check of them. Immutable; contains no secret
 * value.
 *
 * <pre>{@code
 * StoreReport.Finding finding =
 *     new StoreReport.Finding(StoreReport.Level.NOTE, "DB_PASSWORD", "it is one year old");
 * StoreReport report = new StoreReport(Map.of("secrets", "12"), List.of(finding));
 * boolean isWhole = !report.has(StoreReport.Level.DAMAGED);
 * }</pre>
 *
 * @param facts the checked or written items, by name, in the order for people
 * @param findings the problems, and other facts worth knowing
 */
public record StoreReport(Map<String, String> facts, List<Finding> findings) {
  /** How grave a finding is, gravest first. */
  public enum Level {
    /** A file is gone, damaged, or was changed without permission. */
    DAMAGED,
    /** Something may be right and cannot be proved by a signature. */
    UNPROVED,
    /** Worth knowing; nothing is wrong. */
    NOTE
  }

  /**
   * One thing that was found. Immutable.
   *
   * @param level its severity
   * @param subject the file or the secret, as the store names it
   * @param text the problem, and the remedy
   */
  public record Finding(Level level, String subject, String text) {}

  /**
   * Collects the result.
   *
   * @param facts copied, in their order
   * @param findings copied; empty if there was no problem
   */
  public StoreReport {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    findings = List.copyOf(findings);
  }

  /**
   * Looks for a finding of one level.
   *
   * @param level exactly this one, not also a graver one
   * @return true if there is at least one
   */
  public boolean has(Level level) {
    return findings.stream().anyMatch(finding -> finding.level() == level);
  }
}
