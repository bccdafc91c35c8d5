package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code bench/run} as users do, on the classes of the test, in a folder of its own. */
public final class BenchScript {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern WORDS = Pattern.compile("(?m)^ {2}([a-z| ]+)\\) program=");
  private static final long PATIENCE_MINUTES = 10;

  /**
   * For every JVM that a measurement starts without options of its own. Its figures mean nothing
   * here, and a JVM of some seconds takes half the processor time with these.
   */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Path folder;

  /**
   * Makes one.
   *
   * @param folder where the results go
   */
  public BenchScript(Path folder) {
    this.folder = folder;
  }

  /**
   * How a run ended.
   *
   * @param code its exit code
   * @param printed everything it printed
   */
  public record Outcome(int code, String printed) {}

  /** Returns the script itself. */
  static String text() throws IOException {
    return Files.readString(PROJECT.resolve("bench/run"));
  }

  /** Returns the words that the script accepts first, without those that measure nothing. */
  static Set<String> suites() throws IOException {
    Set<String> words = new TreeSet<>();
    Matcher found = WORDS.matcher(text());
    while (found.find()) {
      words.addAll(Arrays.asList(found.group(1).split(" \\| ", -1)));
    }
    words.removeAll(Set.of("all", "keep"));
    return words;
  }

  /** Lets the programs of Java below this one start and end quickly. */
  public static void shortLived(ProcessBuilder program) {
    program.environment().put("JDK_JAVA_OPTIONS", SHORT_LIVED);
  }

  /** Runs it to its end. */
  public Outcome run(String... words) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "run", ".log");
    List<String> command = new ArrayList<>(List.of(PROJECT.resolve("bench/run").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(PROJECT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("BENCH_CLASSES", System.getProperty("java.class.path"));
    builder.environment().put("BENCH_RESULTS", folder.resolve("results").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    shortLived(builder);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException("bench/run did not end: " + Files.readString(log));
    }
    String printed = Files.readString(log, StandardCharsets.UTF_8);
    Files.delete(log);
    return new Outcome(process.exitValue(), printed);
  }
}
