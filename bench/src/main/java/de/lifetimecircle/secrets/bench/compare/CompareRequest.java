package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.cost.CommandOptions;
import de.lifetimecircle.secrets.decision.results.Measurement;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The parsed command line. Immutable.
 *
 * @param extent how much to measure
 * @param trips the round trips in milliseconds, in the order given
 * @param backends the participants or schemes; none for all
 * @param jars further backends
 * @param config settings of further backends, scheme included; may hold credentials
 * @param json the result file
 * @param start whether to resume an interrupted run
 * @param seed of the order of the participants, or null for a random one
 * @param seconds how long to measure at the most
 */
record CompareRequest(
    Extent extent,
    List<Double> trips,
    List<String> backends,
    List<Path> jars,
    Map<String, String> config,
    Path json,
    Start start,
    @Nullable Long seed,
    int seconds) {
  private static final Pattern TRIP = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,3})?");
  private static final Pattern SEED = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,5}");
  private static final int MOST_TRIP = 2000;

  /** How much is measured. */
  enum Extent {
    /** At most 4 minutes for five participants. */
    QUICK("quick", List.of(0.0, 2.0), 2, 220),
    /** At most 26 minutes for five participants. */
    FULL("full", List.of(0.0, 0.5, 2.0, 30.0, 120.0), 3, 1500);

    final String word;

    @SuppressWarnings("ImmutableEnumChecker") // Lists of List.of, which cannot change.
    final List<Double> trips;

    final int rounds;
    final int seconds;

    Extent(String word, List<Double> trips, int rounds, int seconds) {
      this.word = word;
      this.trips = trips;
      this.rounds = rounds;
      this.seconds = seconds;
    }
  }

  /** Whether a run resumes an interrupted one. */
  enum Start {
    /** Resumes the same run if it was interrupted. */
    RESUMED,
    /** Starts at the first process. */
    RESTARTED
  }

  CompareRequest {
    trips = List.copyOf(trips);
    backends = List.copyOf(backends);
    jars = List.copyOf(jars);
    config = Map.copyOf(config);
  }

  /** Shows no setting. */
  @Override
  public String toString() {
    return "CompareRequest[" + asked() + "]";
  }

  /** How to call it. */
  static String usage() {
    return """
        Usage: bench/run compare [OPTION ...]
               bench/run compare --agree A.json B.json
          --quick          at most 4 minutes; without it at most 26
          --rtt MS,...     round trips to add, in milliseconds; full: 0,0.5,2,30,120, quick: 0,2
          --backend NAME   measure this one only; may be repeated
          --jar FILE       a further backend's jar; may be repeated
          --config FILE    its settings, SCHEME.KEY = VALUE; or $SECRETS_BENCH_SCHEME_KEY
          --json FILE      the result; else bench/target/results/compare[-quick].json
          --restart        start again even if the same run was interrupted
          --seed N         of the order of the backends
          --seconds N      measure for about that long instead
        --agree says whether two results rank every pair alike whose intervals do not overlap.""";
  }

  /** Those of the arguments that decide what is measured; no setting. */
  String asked() {
    List<String> words = new ArrayList<>();
    words.add("--" + extent.word);
    words.add(
        "--rtt " + trips.stream().map(Measurement::tripText).collect(Collectors.joining(",")));
    backends.forEach(name -> words.add("--backend " + name));
    jars.forEach(jar -> words.add("--jar " + jar.getFileName()));
    new TreeSet<>(config.keySet()).forEach(key -> words.add("--config " + key));
    words.add("--seconds " + seconds);
    return String.join(" ", words);
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  static CompareRequest of(List<String> args, Map<String, String> environment) {
    Given given = CommandOptions.read(new Given(), args);
    Extent extent = given.isQuick ? Extent.QUICK : Extent.FULL;
    Map<String, String> config = given.config.isEmpty() ? Map.of() : read(given.config);
    Map<String, String> settings = new LinkedHashMap<>(config);
    settings.putAll(variables(environment));
    String json = extent == Extent.QUICK ? "compare-quick.json" : "compare.json";
    return new CompareRequest(
        extent,
        given.trips.isEmpty() ? extent.trips : trips(given.trips),
        given.backends.stream().distinct().toList(),
        given.jars.stream().map(CompareRequest::jar).toList(),
        settings,
        Path.of(given.json.isEmpty() ? "bench/target/results/" + json : given.json),
        given.isRestarted ? Start.RESTARTED : Start.RESUMED,
        given.seed.isEmpty()
            ? null
            : Long.valueOf(matching("--seed", given.seed, SEED, "a number")),
        given.seconds.isEmpty()
            ? extent.seconds
            : Integer.parseInt(
                matching("--seconds", given.seconds, SECONDS, "a whole number of seconds")));
  }

  /** The arguments as they were written. */
  private static final class Given {
    @Option(names = "--quick")
    private boolean isQuick;

    @Option(names = "--restart")
    private boolean isRestarted;

    @Option(names = "--rtt")
    private String trips = "";

    @Option(names = "--backend")
    private List<String> backends = new ArrayList<>();

    @Option(names = "--jar")
    private List<String> jars = new ArrayList<>();

    @Option(names = "--config")
    private String config = "";

    @Option(names = "--json")
    private String json = "";

    @Option(names = "--seed")
    private String seed = "";

    @Option(names = "--seconds")
    private String seconds = "";
  }

  private static String matching(String option, String text, Pattern form, String expected) {
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException(option + ": " + text + " (expected: " + expected + ")");
    }
    return text;
  }

  private static List<Double> trips(String text) {
    List<Double> trips = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      String expected = "milliseconds such as 0,2,30, at most " + MOST_TRIP;
      double trip = Double.parseDouble(matching("--rtt", each, TRIP, expected));
      if (trip > MOST_TRIP || trips.contains(trip)) {
        throw new IllegalArgumentException(
            "--rtt: " + each + " (expected: " + expected + ", none twice)");
      }
      trips.add(trip);
    }
    return trips;
  }

  private static Path jar(String text) {
    Path jar = Path.of(text);
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException("--jar: " + text + " (expected: a file that is there)");
    }
    return jar;
  }

  private static Map<String, String> read(String file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(file))) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--config: " + file + " (expected: a readable file of SCHEME.KEY = VALUE)", e);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (key.indexOf('.') < 1) {
        throw new IllegalArgumentException("--config: " + key + " (expected: SCHEME.KEY = VALUE)");
      }
      settings.put(key, properties.getProperty(key));
    }
    return settings;
  }

  private static Map<String, String> variables(Map<String, String> environment) {
    String beginning = "SECRETS_BENCH_";
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      String rest = name.startsWith(beginning) ? name.substring(beginning.length()) : "";
      int end = rest.indexOf('_');
      if (end > 0) {
        String key = rest.substring(end + 1).replace('_', '-');
        settings.put(
            (rest.substring(0, end) + "." + key).toLowerCase(java.util.Locale.ROOT),
            environment.getOrDefault(name, ""));
      }
    }
    return settings;
  }
}
