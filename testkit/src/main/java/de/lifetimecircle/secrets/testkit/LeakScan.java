package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Searches for canaries in the output of a test run: reports, logs, any folder. A program: {@code
 * LeakScan FOLDER...} prints its findings and ends with 1 if there are any.
 */
@OutsideTheRules
public final class LeakScan {
  private final Set<String> canaries = new LinkedHashSet<>();
  private final List<LeakFinding> leaks = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private LeakScan() {}

  /**
   * Runs the program.
   *
   * @param folders the folders and files to look at
   */
  public static void main(String... folders) {
    LeakScan scan = new LeakScan();
    for (String folder : folders) {
      scan.lookAt(Path.of(folder));
    }
    scan.missing.forEach(folder -> System.err.println("not there: " + folder));
    scan.leaks.forEach(leak -> System.out.println(leak));
    System.out.println(scan.summary());
    if (folders.length == 0 || !scan.missing.isEmpty()) {
      System.exit(2);
    }
    System.exit(scan.leaks.isEmpty() ? 0 : 1);
  }

  static List<LeakFinding> scan(Path folder) {
    LeakScan scan = new LeakScan();
    scan.lookAt(folder);
    if (!scan.missing.isEmpty()) {
      throw new UncheckedIOException(new java.nio.file.NoSuchFileException(folder.toString()));
    }
    return List.copyOf(scan.leaks);
  }

  private String summary() {
    long files = leaks.stream().map(LeakFinding::where).distinct().count();
    return "leaks: " + canaries.size() + " canaries in " + files + " files";
  }

  private void lookAt(Path folder) {
    if (!Files.exists(folder)) {
      missing.add(folder.toString());
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Set<String> found =
            CanaryValue.in(Files.readString(file, StandardCharsets.ISO_8859_1) + "\n" + file);
        canaries.addAll(found);
        if (!found.isEmpty()) {
          boolean named = !CanaryValue.in(file.toString()).isEmpty();
          String where = named ? "(its name is withheld)" : file.toString();
          leaks.add(new LeakFinding(found.size() + " canaries", "file", where, "found"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + folder, e);
    }
  }
}
