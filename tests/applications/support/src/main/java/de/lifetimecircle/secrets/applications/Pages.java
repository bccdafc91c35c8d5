package de.lifetimecircle.secrets.applications;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The pages in {@code docs}, whose Java the applications compile. Stateless. */
public final class Pages {
  /** The root of the checkout; tests run in the folder of their application. */
  public static final Path ROOT = root();

  private Pages() {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".mvn/integrations-check"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** Returns the lines of Java on a page, without empty ones. */
  public static List<String> java(String page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isJava = false;
    for (String line : Files.readAllLines(ROOT.resolve(page))) {
      if (line.startsWith("```")) {
        isJava = line.equals("```java");
      } else if (isJava && !line.isBlank()) {
        lines.add(line.strip());
      }
    }
    return lines;
  }

  /** Returns the lines of the classes in {@code src/main/java}. */
  public static Set<String> compiled() throws IOException {
    Set<String> lines = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Files.readAllLines(file).forEach(line -> lines.add(line.strip()));
      }
    }
    return lines;
  }
}
