import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/**
 * Compares what the users of a jar compile against with a text of it, so that a review sees each change: the public and
 * protected signatures in the packages that the jar's module exports, or in all packages if no module is declared.
 *
 * <pre>
 *   java packaging/PublicApi.java check JAR TEXT    fails with the difference
 *   java packaging/PublicApi.java renew JAR TEXT    writes the text
 * </pre>
 *
 * <p>A jar without such signatures has no text. Javac and javap of every JDK from 17 on give the same text.
 *
 * <p>The build runs it as a task of Ant, in Maven's process: a JVM of its own for each jar takes four times the
 * processor time.
 */
public final class PublicApi {
  /** A class of the jar as javap shows it: its first line, and a line for each member. */
  private record Shown(String head, Set<String> members) {}

  private Path jar;
  private Path text;

  public static void main(String[] args) throws IOException {
    PublicApi api = new PublicApi();
    api.jar = Path.of(args[1]);
    api.text = Path.of(args[2]);
    if (args[0].equals("renew")) {
      api.renew();
      return;
    }
    String difference = api.difference();
    if (!difference.isEmpty()) {
      System.err.println(difference);
      System.exit(1);
    }
  }

  /** The attribute of the task. */
  public void setJar(File file) {
    jar = file.toPath();
  }

  /** The attribute of the task. */
  public void setText(File file) {
    text = file.toPath();
  }

  /** Checks, as a task. */
  public void execute() throws IOException {
    String difference = difference();
    if (!difference.isEmpty()) {
      throw new IllegalStateException(difference);
    }
  }

  private void renew() throws IOException {
    List<String> now = now();
    if (!now.equals(before())) {
      Files.createDirectories(text.getParent());
      Files.write(text, now);
    }
  }

  private List<String> now() throws IOException {
    return Files.exists(jar) ? lines(jar) : List.of();
  }

  private List<String> before() throws IOException {
    return Files.exists(text) ? Files.readAllLines(text) : List.of();
  }

  /** Each line that one of them lacks, and what to do; empty if they are equal. */
  private String difference() throws IOException {
    List<String> now = now();
    List<String> before = before();
    if (now.equals(before)) {
      return "";
    }
    List<String> added = withClasses(now);
    List<String> removed = withClasses(before);
    List<String> lines = new ArrayList<>();
    added.stream().filter(line -> !removed.contains(line)).forEach(line -> lines.add("+ " + line));
    removed.stream().filter(line -> !added.contains(line)).forEach(line -> lines.add("- " + line));
    lines.add(
        "The public signatures of " + jar.getFileName() + " are not those of " + text.getFileName()
            + ". If you meant to change them, say so in CHANGELOG.md and run:");
    lines.add(
        "java " + System.getProperty("jdk.launcher.sourcefile", "packaging/PublicApi.java") + " renew " + jar + " "
            + text);
    return String.join("\n", lines);
  }

  /** The lines with the name of its class before each member: many classes have the same {@code close()}. */
  private static List<String> withClasses(List<String> lines) {
    List<String> named = new ArrayList<>();
    String type = "";
    for (String line : lines) {
      if (!line.startsWith("  ")) {
        type = line.replaceFirst("^.*?\\b(?:class|interface) ([\\w.$]+).*$", "$1");
      }
      named.add(line.startsWith("  ") ? type + ": " + line.strip() : line);
    }
    return named;
  }

  private static List<String> lines(Path jar) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<String, Shown> classes = shown(jar);
    classes.forEach(
        (name, shown) -> {
          if (isVisible(name, classes)) {
            lines.add(shown.head());
            shown.members().forEach(member -> lines.add("  " + member));
          }
        });
    return lines;
  }

  /** Whether it is public, and each class around it. */
  private static boolean isVisible(String name, Map<String, Shown> classes) {
    String part = name;
    while (true) {
      Shown shown = classes.get(part);
      if (shown == null || !shown.head().startsWith("public ")) {
        return false;
      }
      if (part.indexOf('$') < 0) {
        return true;
      }
      part = part.substring(0, part.lastIndexOf('$'));
    }
  }

  private static Map<String, Shown> shown(Path jar) throws IOException {
    List<String> command = new ArrayList<>(List.of("-protected", "-constants", "-cp", jar.toString()));
    List<String> names = new ArrayList<>(names(jar));
    command.addAll(names);
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    Map<String, Shown> classes = new TreeMap<>();
    if (!names.isEmpty() && javap().run(writer, writer, command.toArray(String[]::new)) != 0) {
      throw new IOException(out.toString());
    }
    int next = 0;
    for (String line : out.toString().lines().toList()) {
      if (line.endsWith("{")) {
        classes.put(names.get(next++), new Shown(line.replaceAll(" *\\{$", ""), new TreeSet<>()));
      } else if (line.startsWith("  ") && !line.endsWith("{};")) {
        classes.get(names.get(next - 1)).members().add(line.strip());
      }
    }
    return classes;
  }

  /** The names of the classes in exported packages. */
  private static Set<String> names(Path jar) throws IOException {
    ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    Set<String> packages = new TreeSet<>(module.packages());
    if (!module.isAutomatic()) {
      packages.clear();
      module.exports().stream().filter(each -> !each.isQualified()).forEach(each -> packages.add(each.source()));
    }
    Set<String> names = new TreeSet<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream().forEach(entry -> name(entry.getName()).filter(each -> isIn(each, packages)).ifPresent(names::add));
    }
    return names;
  }

  private static Optional<String> name(String entry) {
    boolean named = entry.endsWith(".class") && !entry.endsWith("-info.class");
    return named ? Optional.of(entry.replaceAll("\\.class$", "").replace('/', '.')) : Optional.empty();
  }

  private static boolean isIn(String name, Set<String> packages) {
    return name.contains(".") && packages.contains(name.substring(0, name.lastIndexOf('.')));
  }

  private static ToolProvider javap() {
    return ToolProvider.findFirst("javap").orElseThrow();
  }
}
