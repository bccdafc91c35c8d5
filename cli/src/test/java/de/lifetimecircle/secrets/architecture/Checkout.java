package de.lifetimecircle.secrets.architecture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The text files of this checkout that git knows or could. */
final class Checkout {
  static final Path ROOT = Path.of("..");
  private static final Pattern NAMED = Pattern.compile("(?m)^([^#:\\s][^:]*):[ \\t]*(.*)$");

  private Checkout() {}

  /**
   * Returns the text of each file by its path from the root; links and binary files are left out.
   */
  static Map<String, String> texts() throws IOException, InterruptedException {
    Map<String, String> texts = new TreeMap<>();
    for (String line : git("ls-files", "--cached", "--others", "--exclude-standard", "-z")) {
      Path file = ROOT.resolve(line);
      if (Files.isRegularFile(file) && !Files.isSymbolicLink(file)) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\0') < 0) {
          texts.put(line, text);
        }
      }
    }
    return texts;
  }

  /** Returns the lines {@code NAME: REST} of a file in {@code .mvn}, in their order. */
  static Map<String, String> named(String file) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    NAMED
        .matcher(Files.readString(ROOT.resolve(".mvn").resolve(file)))
        .results()
        .forEach(line -> lines.merge(line.group(1), line.group(2), (a, b) -> a + " " + b));
    return lines;
  }

  /** Returns whether a file is a script for a shell, by its first line or its name. */
  static boolean isShell(String path, String text) {
    return path.endsWith(".sh") || text.matches("(?s)#!\\S*(?: -\\S+)*[ /](?:ba)?sh\\b.*");
  }

  /** Returns what the groups of a pattern match in a text. */
  static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(Checkout::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }

  private static List<String> git(String... words) throws IOException, InterruptedException {
    String[] line = new String[words.length + 1];
    line[0] = "git";
    System.arraycopy(words, 0, line, 1, words.length);
    Process git =
        new ProcessBuilder(line)
            .directory(ROOT.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException("git ended with " + git.exitValue());
    }
    return List.of(out.split("\0"));
  }
}
