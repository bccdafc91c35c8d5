package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.NewerJdk;
import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the cost of a process before its first secret: the size of the library, the start of a
 * JVM that uses it (goals e and e2), the start of the {@code secrets} command by its shipped
 * launcher (goal m'), and one value at a terminal (goal u).
 */
public final class StartSuite implements BenchSuite {
  private static final double KILOBYTE = 1024;
  private static final Path LAUNCHER = Path.of("cli", "target", "dist", "bin", "secrets");
  private static final String COMMAND = "m'";
  private static final String AT_A_TERMINAL = "u";
  private static final Limit NOT_FELT = Limit.atMost(25);

  /** A busy machine is slow, and not down. */
  private static final String PATIENT = "PT1M";

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<String> goals() {
    return List.of("e", "e2", COMMAND, AT_A_TERMINAL);
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    int rounds = mode.pick(3, 3, 1);
    MedianRuns library = new MedianRuns(rounds, mode.pick(15, 9, 1));
    MedianRuns commands = new MedianRuns(rounds, mode.pick(15, 7, 1));
    Path folder = Files.createTempDirectory("secrets-bench");
    try {
      Path jar = ProgramJars.of(SecretProvider.class, folder);
      double kilobytes = Files.size(jar) / KILOBYTE;
      figures.add(BenchFigure.checked("e", "the api jar", kilobytes, "KB", Limit.atMost(300)));
      figures.add(JarDependencies.figure(Path.of("api", "pom.xml")));
      library(figures, jar, folder, library);
      Map<String, String> files = files(folder);
      figures.addAll(commands(commands, files));
      figures.add(throughTheAgent(commands, folder, files));
      figures.addAll(new OpenFigures(library, folder).of(files));
    } finally {
      WholeFolders.delete(folder);
    }
    return figures;
  }

  /**
   * A JVM that reads a secret beside one that does nothing, both with the options it comes with.
   */
  private static void library(List<BenchFigure> figures, Path jar, Path folder, MedianRuns runs)
      throws Exception {
    String classPath = ProgramJars.probe(folder) + File.pathSeparator + jar;
    MeasuredProgram empty = MeasuredProgram.java(classPath, StartProbe.class, "empty");
    MeasuredProgram provider = MeasuredProgram.java(classPath, StartProbe.class, "provider");
    List<Double> time = runs.of(List.of(empty, provider), MeasuredProgram::millis);
    List<Double> memory =
        runs.of(
            List.of(empty.and("memory"), provider.and("memory")),
            program -> Double.parseDouble(program.run("")) / KILOBYTE);
    figures.add(
        BenchFigure.compared(
                "e",
                "start to first secret, beside an empty JVM's",
                time.get(1),
                "ms",
                time.get(0),
                Limit.atMost(1.75))
            .noted(String.format(Locale.ROOT, "%.0f ms more", time.get(1) - time.get(0))));
    figures.add(
        BenchFigure.checked(
                "e",
                "memory (most resident), more than an empty JVM",
                memory.get(1) - memory.get(0),
                "MB",
                Limit.atMost(4))
            .noted(ProgramJars.beside(memory)));
    figures.add(shared(empty, provider, folder.resolve("start.jsa"), runs));
  }

  /** The same if the service keeps its own class data: the remaining time is not class loading. */
  private static BenchFigure shared(
      MeasuredProgram empty, MeasuredProgram provider, Path archive, MedianRuns runs)
      throws Exception {
    provider.with("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive).run("");
    String use = "-XX:SharedArchiveFile=" + archive;
    List<Double> time =
        runs.of(List.of(empty.with(use), provider.with(use)), MeasuredProgram::millis);
    String what = "the same with class data of the service";
    return BenchFigure.information("e", what, time.get(1), "ms").besides(time.get(0));
  }

  /** Returns the environment of a store of files with the secret. */
  private static Map<String, String> files(Path folder) throws Exception {
    Map<String, String> environment = environment("gpg", Backend.files(folder).settings());
    secrets("put", FirstSecret.NAME, "--stdin").in(environment).run("made-up");
    return environment;
  }

  /** The command by its launcher, beside a JVM that does nothing. */
  private static List<BenchFigure> commands(MedianRuns runs, Map<String, String> files)
      throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    String classPath = System.getProperty("java.class.path");
    MeasuredProgram hello = MeasuredProgram.java(classPath, StartProbe.class, "empty");
    MeasuredProgram get = get(files, "made-up");
    List<Double> time = runs.of(List.of(hello, get), MeasuredProgram::millis);
    figures.add(BenchFigure.information(COMMAND, "an empty JVM", time.get(0), "ms"));
    figures.add(
        BenchFigure.compared(
            COMMAND, "secrets get on files", time.get(1), "ms", time.get(0), Limit.atMost(3.2)));
    figures.add(
        BenchFigure.checked(AT_A_TERMINAL, "secrets get on files", time.get(1), "ms", NOT_FELT)
            .noted("the command reads the store itself, also beside an agent"));
    figures.add(onNewerJdk(runs, files, get));
    try (LoopbackServer server = new LoopbackServer(request -> AwsAnswers.value(request, 1))) {
      Map<String, String> aws = environment("aws", AwsAnswers.settings(server));
      MeasuredProgram remote = get(aws, AwsAnswers.value(FirstSecret.NAME, 1));
      double millis = runs.of(List.of(remote), MeasuredProgram::millis).get(0);
      figures.add(
          BenchFigure.information(COMMAND, "secrets get on AWS (loopback)", millis, "ms")
              .besides(time.get(0)));
    }
    return figures;
  }

  /** The function that shells have instead of the command, while an agent holds the value. */
  private static BenchFigure throughTheAgent(
      MedianRuns runs, Path folder, Map<String, String> files) throws Exception {
    Path socket = folder.resolve("agent.sock");
    String client = ". clients/shell/secrets-agent.sh && secret " + FirstSecret.NAME;
    MeasuredProgram secret =
        MeasuredProgram.of(List.of("sh", "-c", client))
            .in(Map.of("SECRETS_AGENT", socket.toString()))
            .printing("made-up");
    Process agent = secrets("agent", "--socket", socket.toString()).in(files).quiet().start();
    try {
      while (agent.isAlive() && !Files.exists(socket)) {
        LockSupport.parkNanos(10_000_000);
      }
      double millis = runs.of(List.of(secret), MeasuredProgram::millis).get(0);
      String what = "the function for shells, through an agent";
      return BenchFigure.checked(AT_A_TERMINAL, what, millis, "ms", NOT_FELT);
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }

  private static BenchFigure onNewerJdk(
      MedianRuns runs, Map<String, String> files, MeasuredProgram get) throws Exception {
    String what = "secrets get on files, on the newest Java beside this one";
    Optional<NewerJdk.Jdk> newer = NewerJdk.find();
    if (newer.isEmpty()) {
      return BenchFigure.missing(COMMAND, what, NewerJdk.NONE);
    }
    Map<String, String> there = new HashMap<>(files);
    there.put("JAVA_HOME", newer.get().home().toString());
    List<Double> time = runs.of(List.of(get, get(there, "made-up")), MeasuredProgram::millis);
    return BenchFigure.compared(COMMAND, what, time.get(1), "ms", time.get(0), Limit.atMost(1))
        .noted("Java " + newer.get().version());
  }

  /** Returns the command; its very first run, which makes the class-data archive, is over. */
  private static MeasuredProgram get(Map<String, String> environment, String value)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    MeasuredProgram get = secrets("get", FirstSecret.NAME).in(all).printing(value);
    get.run("");
    return get;
  }

  /** Returns the environment of a process that uses a backend with these settings. */
  static Map<String, String> environment(String scheme, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("backend", scheme);
    all.put("timeout", PATIENT);
    return Backend.variables(all);
  }

  /** Returns the command by its shipped launcher, which needs no output. */
  static MeasuredProgram secrets(String... args) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toAbsolutePath().toString()));
    command.addAll(List.of(args));
    return MeasuredProgram.of(command);
  }
}
