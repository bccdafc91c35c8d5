package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.MeasuredProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The commands of a page by which a service on files starts faster. They run in the folder of a
 * service as the page prints them, so that the measurement is what a reader of the page gets. Only
 * the main class is another one: the probe. Immutable.
 *
 * @param unsigned makes copies of the signed jars without their signatures
 * @param start writes the class data and, in its last line, starts the service with them
 * @param folder the folder of the service, whose {@code lib} has its jars
 * @param environment the settings of the service
 */
record ServiceRecipe(String unsigned, String start, Path folder, Map<String, String> environment) {
  private static final String HEADING = "## Start a service faster\n";
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final String SERVICE = " Service\n";
  private static final String PROBE = " " + StartProbe.class.getName();

  /**
   * Reads the commands.
   *
   * @throws IOException if the page has others than the two that this class runs
   */
  static ServiceRecipe of(Path page, Path folder, Map<String, String> environment)
      throws IOException {
    String text = Files.readString(page);
    String section = text.substring(text.indexOf(HEADING) + HEADING.length());
    List<MatchResult> blocks =
        COMMANDS.matcher(section.substring(0, section.indexOf("\n## "))).results().toList();
    if (blocks.size() != 2 || !blocks.get(0).group(1).endsWith(SERVICE)) {
      throw new IOException(
          page + ": other commands than two starts of Service, then unsigned copies of its jars");
    }
    String start = blocks.get(0).group(1).replace(SERVICE, PROBE + " open\n");
    return new ServiceRecipe(blocks.get(1).group(1), start, folder, environment);
  }

  /** Runs all commands, in the order that the page demands. */
  void follow() throws IOException, InterruptedException {
    run(unsigned);
    run(start);
  }

  /** Returns the start that a reader has in the end. */
  MeasuredProgram service() {
    return shell("exec " + last());
  }

  /** Returns a JVM with the same jars that does nothing. */
  MeasuredProgram empty() {
    return shell("exec java -cp 'lib/*'" + PROBE + " empty");
  }

  /** Returns how many classes with that name the service loads from its class data. */
  long fromClassData(String name) throws IOException, InterruptedException {
    return run(last().replaceFirst("^java ", "java -Xlog:class+load "))
        .lines()
        .filter(line -> line.contains(name) && line.contains("source: shared objects file"))
        .count();
  }

  private String last() {
    return start.strip().substring(start.strip().lastIndexOf('\n') + 1);
  }

  private String run(String commands) throws IOException, InterruptedException {
    return shell(commands).run("");
  }

  private MeasuredProgram shell(String commands) {
    Map<String, String> all = new HashMap<>(environment);
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    all.put("PATH", java + File.pathSeparator + System.getenv("PATH"));
    return MeasuredProgram.of(List.of("bash", "-ec", "cd '" + folder + "'\n" + commands)).in(all);
  }
}
