package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.operations.files.ProgramFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The result of one backend's contract run. Immutable.
 *
 * @param backend the scheme, or the scheme and the server or mode
 * @param server on which it was shown
 * @param declared the names of its capabilities
 * @param maxBytes the largest value, in bytes
 * @param maxName the longest name, in characters
 * @param retained how many versions are kept, at least
 */
public record ContractResult(
    String backend,
    String server,
    List<String> declared,
    long maxBytes,
    long maxName,
    long retained) {
  /** Returns the results that {@code ./verify capabilities} collected. */
  static List<ContractResult> shipped() {
    Object lines = Json.parse(ProgramFile.text(ContractResult.class, "capabilities.json"));
    List<ContractResult> results = new ArrayList<>();
    for (Object line : (List<?>) Objects.requireNonNull(lines)) {
      results.add(RecordMapping.readKnown(ContractResult.class, line));
    }
    return results;
  }

  boolean has(Capability capability) {
    return declared.contains(capability.name());
  }

  /** Whether the backend has that scheme. */
  boolean isOf(String scheme) {
    return backend.equals(scheme) || backend.startsWith(scheme + "-");
  }
}
