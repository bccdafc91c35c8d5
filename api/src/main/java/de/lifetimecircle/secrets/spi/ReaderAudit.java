package de.lifetimecircle.secrets.spi;

import java.util.Map;

/**
 * Logs the readers for whom a program asks, such as the agent. Safe for use by several threads; may
 * block for a file, and never fails the read.
 *
 * <pre>{@code
 * ReaderAudit audit =
 *     (operation, reader, facts, outcome) ->
 *         System.out.println(operation + " by " + reader + " of " + facts + ": " + outcome);
 * audit.write("read", "uid 1000", Map.of("name", "DB_PASSWORD"), "ok");
 * }</pre>
 */
@FunctionalInterface
public interface ReaderAudit {
  /**
   * Writes one line.
   *
   * @param operation the requested operation, such as {@code read}
   * @param reader the reader whose rights counted
   * @param facts the name and other known facts; no value
   * @param outcome {@code ok}, or the kind of failure in lower case with hyphens
   */
  void write(String operation, String reader, Map<String, String> facts, String outcome);
}
