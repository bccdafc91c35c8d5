package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
record ContractResult(
    String backend,
    String server,
    List<String> declared,
    String maxBytes,
    String maxName,
    String retained) {
  /** Returns the results that {@code ./verify capabilities} collected. */
  static List<ContractResult> shipped() {
    try (InputStream file =
        Objects.requireNonNull(ContractResult.class.getResourceAsStream("capabilities.json"))) {
      List<ContractResult> results = new ArrayList<>();
      List<?> lines = (List<?>) Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      Objects.requireNonNull(lines).forEach(line -> results.add(of((Map<?, ?>) line)));
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read capabilities.json of this program", e);
    }
  }

  private static ContractResult of(Map<?, ?> line) {
    return new ContractResult(
        text(line, "backend"),
        text(line, "server"),
        ((List<?>) Objects.requireNonNull(line.get("declared")))
            .stream().map(String::valueOf).toList(),
        text(line, "maxBytes"),
        text(line, "maxName"),
        text(line, "retained"));
  }

  private static String text(Map<?, ?> line, String key) {
    return String.valueOf(line.get(key));
  }

  boolean has(Capability capability) {
    return declared.contains(capability.name());
  }

  /** Whether the backend has that scheme. */
  boolean isOf(String scheme) {
    return backend.equals(scheme) || backend.startsWith(scheme + "-");
  }
}
