package org.example.pools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Compares the Java in docs/jdbc.md with the classes here, which compile and run. */
final class RecipeCheck {
  private RecipeCheck() {}

  static void compare(Path root, Bars bars) throws IOException {
    Set<String> compiled = new HashSet<>();
    try (Stream<Path> files = Files.walk(root.resolve("tests/applications/pools/src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Files.readAllLines(file).forEach(line -> compiled.add(line.strip()));
      }
    }
    List<String> unknown = new ArrayList<>();
    int lines = 0;
    boolean isJava = false;
    for (String line : Files.readAllLines(root.resolve("docs/jdbc.md"))) {
      if (line.startsWith("```")) {
        isJava = line.equals("```java");
      } else if (isJava && !line.isBlank()) {
        lines++;
        if (!compiled.contains(line.strip())) {
          unknown.add(line.strip());
        }
      }
    }
    bars.require(
        lines > 10 && unknown.isEmpty(),
        "docs/jdbc.md: " + lines + " lines of Java, not compiled here: " + unknown);
  }
}
