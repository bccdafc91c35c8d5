package de.lifetimecircle.secrets.cli.frozen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Texts that the program writes, compared byte for byte with those in one file of {@code
 * src/test/resources/frozen}. A file holds many texts, so that no check of the repository reads a
 * script or a page in it as one of ours. Used by one thread.
 *
 * <p>A changed byte is a decision: {@code -Dfrozen.renew=true} writes the files, and the diff shows
 * what was decided.
 */
public final class FrozenTexts {
  /** The folder of the files. */
  public static final Path FOLDER = Path.of("src/test/resources/frozen");

  /** The beginning of each value in the stores of these tests. */
  public static final String CANARY = "fa57c0de";

  /** The system property that has the files written again. */
  public static final String RENEW = "frozen.renew";

  /** Whether the files are written again. */
  public static final boolean RENEWED = Boolean.getBoolean(RENEW);

  private static final String HEAD = "======== ";
  private static final int CONTEXT = 60;
  private static final String NO_END = HEAD + "(no line feed at the end)\n";

  private final Path file;
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<Pattern, String> placeholders = new LinkedHashMap<>();

  /** Begins without texts. */
  public FrozenTexts(String name) {
    this.file = FOLDER.resolve(name + ".txt");
  }

  /** Writes the placeholder wherever a text has what differs from run to run. */
  public FrozenTexts placeholder(String differing, String placeholder) {
    return placeholder(Pattern.compile(Pattern.quote(differing)), placeholder);
  }

  /** Writes the placeholder for each match, whose groups it may repeat. */
  public FrozenTexts placeholder(Pattern differing, String placeholder) {
    placeholders.put(differing, placeholder);
    return this;
  }

  /** Adds a text, which must hold no value of a store. */
  public void add(String name, String text) {
    assertThat(text).as("%s, %s: no value of a store", file, name).doesNotContain(CANARY);
    assertThat(text.lines()).as(name).noneMatch(line -> line.startsWith(HEAD));
    assertThat(texts.put(same(name), same(text))).as("%s: a second '%s'", file, name).isNull();
  }

  private String same(String text) {
    String same = text;
    for (Map.Entry<Pattern, String> each : placeholders.entrySet()) {
      same = each.getKey().matcher(same).replaceAll(each.getValue());
    }
    return same;
  }

  /** Adds the texts of files by their names. */
  public void addAll(String folder, Map<String, String> files) {
    files.forEach((name, text) -> add(folder + "/" + name, text));
  }

  /** Adds the files of a folder. */
  public void addTree(String name, Path folder) {
    addAll(name, tree(folder));
  }

  private static Map<String, String> tree(Path folder) {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(each).toString(), Files.readString(each));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Compares all texts with those of the file, in both directions. */
  public void check() {
    StringBuilder all = new StringBuilder();
    texts.forEach(
        (name, text) -> {
          boolean ends = text.isEmpty() || text.endsWith("\n");
          all.append(HEAD).append(name).append('\n').append(text);
          all.append(ends ? "" : "\n" + NO_END);
        });
    if (RENEWED) {
      write(all.toString());
    }
    compare(read(), all.toString());
  }

  private void compare(String before, String now) {
    if (before.equals(now)) {
      return;
    }
    List<String> old = before.lines().toList();
    List<String> fresh = now.lines().toList();
    String text = "";
    int line = 0;
    while (line < old.size() && line < fresh.size() && old.get(line).equals(fresh.get(line))) {
      text = old.get(line).startsWith(HEAD) ? old.get(line).substring(HEAD.length()) : text;
      line++;
    }
    String was = line < old.size() ? old.get(line) : "(nothing more)";
    String is = line < fresh.size() ? fresh.get(line) : "(nothing more)";
    int column = 0;
    while (column < Math.min(was.length(), is.length())
        && was.charAt(column) == is.charAt(column)) {
      column++;
    }
    throw new AssertionError(
        String.join(
            "\n",
            file + ", line " + (line + 1) + ", column " + (column + 1) + ", in '" + text + "':",
            "  frozen: " + around(was, column),
            "  now:    " + around(is, column),
            "A changed byte is a decision. If it is wanted, run this test with -D"
                + RENEW
                + "=true, look at the diff, and say in the commit why."));
  }

  /** Shortens a line, as a document of JSON has only one. */
  private static String around(String line, int column) {
    int from = Math.max(0, column - CONTEXT);
    int to = Math.min(line.length(), column + 2 * CONTEXT);
    return (from > 0 ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
  }

  private String read() {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String text) {
    try {
      Files.createDirectories(FOLDER);
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
