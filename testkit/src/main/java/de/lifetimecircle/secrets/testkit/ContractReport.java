package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The results of one run of {@link SecretStoreContract}. Immutable.
 *
 * @param backend the name of the backend
 * @param server the server that it ran on
 * @param declared the capabilities it declares
 * @param passed the tests that passed
 * @param failed the tests that failed
 * @param excused the tests that fail because a stand-in deviates, each with the documented
 *     behaviour
 * @param notApplicable the tests that do not apply, each with the reason
 * @param untested the faults that could not be injected
 * @param limits the limits that were tested
 * @param measures the measured values
 */
public record ContractReport(
    String backend,
    String server,
    Set<Capability> declared,
    List<String> passed,
    List<String> failed,
    Map<String, String> excused,
    Map<String, String> notApplicable,
    Set<Fault> untested,
    StoreLimits limits,
    Map<String, String> measures) {

  /** Copies the collections. */
  public ContractReport {
    declared = Set.copyOf(declared);
    passed = List.copyOf(passed);
    failed = List.copyOf(failed);
    excused = new TreeMap<>(excused);
    notApplicable = new TreeMap<>(notApplicable);
    untested = Set.copyOf(untested);
    measures = new TreeMap<>(measures);
  }

  /** One line for people: how many passed and failed, and by name what did not apply. */
  public String line() {
    StringBuilder line =
        new StringBuilder("contract ")
            .append(backend)
            .append(": ")
            .append(passed.size())
            .append(" passed, ")
            .append(failed.size())
            .append(" failed, ")
            .append(excused.size())
            .append(" excused, ")
            .append(notApplicable.size())
            .append(" not applicable");
    byReason(excused).forEach((why, tests) -> append(line, "excused, " + why, tests));
    byReason(notApplicable).forEach((why, tests) -> append(line, why, tests));
    return line.toString();
  }

  private static Map<String, List<String>> byReason(Map<String, String> tests) {
    Map<String, List<String>> byReason = new TreeMap<>();
    tests.forEach((test, why) -> byReason.computeIfAbsent(why, w -> new ArrayList<>()).add(test));
    return byReason;
  }

  private static void append(StringBuilder line, String why, List<String> tests) {
    // The semicolon divides the reasons, for people and for scripts.
    line.append("; ").append(why.replace(';', ',')).append(": ").append(String.join(", ", tests));
  }

  /** The capabilities as a table in Markdown, for the documentation. */
  public String table() {
    StringBuilder table =
        new StringBuilder("| Capability | ").append(backend).append(" |\n|---|---|\n");
    for (Capability capability : Capability.values()) {
      row(table, capability.name(), declared.contains(capability) ? "yes" : "no");
    }
    row(table, "largest value, bytes", String.valueOf(limits.maxBytes()));
    row(table, "longest name, characters", String.valueOf(limits.maxName()));
    row(table, "versions kept, at least", String.valueOf(limits.retained()));
    measures.forEach((what, howMuch) -> row(table, what, howMuch));
    row(table, "tests passed", String.valueOf(passed.size()));
    row(table, "tests failed", String.valueOf(failed.size()));
    row(table, "tests excused", String.valueOf(excused.size()));
    row(table, "tests not applicable", String.valueOf(notApplicable.size()));
    return table.toString();
  }

  private static void row(StringBuilder table, String left, String right) {
    table.append("| ").append(left).append(" | ").append(right).append(" |\n");
  }

  /** Everything as one document of JSON. */
  public String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("backend", backend);
    document.put("server", server);
    document.put("declared", names(declared));
    document.put("passed", passed);
    document.put("failed", failed);
    document.put("excused", excused);
    document.put("notApplicable", notApplicable);
    document.put("untestedFaults", names(untested));
    document.put("maxBytes", limits.maxBytes());
    document.put("maxName", limits.maxName());
    document.put("retained", limits.retained());
    document.put("measures", measures);
    return Json.write(document);
  }

  private static List<String> names(Set<? extends Enum<?>> values) {
    List<String> names = new ArrayList<>();
    values.stream().sorted().forEach(value -> names.add(value.name()));
    return names;
  }

  /**
   * Writes {@code NAME.json} and {@code NAME.md} into the folder, which is made where it is not
   * there.
   *
   * @throws IOException if they cannot be written
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(backend + ".json"), json() + "\n");
    Files.writeString(folder.resolve(backend + ".md"), table());
  }
}
