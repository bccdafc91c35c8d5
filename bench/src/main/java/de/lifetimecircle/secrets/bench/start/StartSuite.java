package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.GoalBound;
import de.lifetimecircle.secrets.bench.InstantStore;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Measures the cost of a process before its first secret: the size of the library, the start of a
 * JVM that uses it (goal e), and the start of the {@code secrets} command by its shipped launcher
 * (goal j).
 */
public final class StartSuite implements BenchSuite {
  private static final double KILOBYTE = 1024;
  private static final Path LAUNCHER = Path.of("cli", "target", "dist", "bin", "secrets");

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String goals() {
    return "ej";
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    Path jar = Path.of(location(SecretProvider.class));
    double kilobytes = Files.size(jar) / KILOBYTE;
    figures.add(BenchFigure.checked("e", "the api jar", kilobytes, "KB", GoalBound.atMost(300)));
    figures.add(JarDependencies.figure(Path.of("api", "pom.xml")));
    Path folder = Files.createTempDirectory("secrets-bench");
    try {
      library(figures, jar, folder, mode.pick(15, 9));
      gpg(figures, folder, mode.pick(15, 7));
      aws(figures, mode.pick(15, 7));
    } finally {
      delete(folder);
    }
    return figures;
  }

  /**
   * A JVM that reads a secret beside one that does nothing, both with the options it comes with.
   */
  private static void library(List<BenchFigure> figures, Path jar, Path folder, int runs)
      throws Exception {
    // Of a folder the JVM takes no class data.
    String classPath = own(folder) + File.pathSeparator + jar;
    MeasuredProgram empty = MeasuredProgram.java(classPath, StartProbe.class, "empty");
    MeasuredProgram provider = MeasuredProgram.java(classPath, StartProbe.class, "provider");
    List<Double> time = MedianRuns.of(List.of(empty, provider), runs, MeasuredProgram::millis);
    List<Double> memory =
        MedianRuns.of(
            List.of(empty.and("memory"), provider.and("memory")),
            runs,
            program -> Double.parseDouble(program.run("")) / KILOBYTE);
    more(figures, "start to first secret", time, "ms", 15);
    more(figures, "memory (most resident)", memory, "MB", 4);
    shared(figures, empty, provider, folder.resolve("start.jsa"), runs);
  }

  /** The same if the service keeps its own class data: the remaining time is not class loading. */
  private static void shared(
      List<BenchFigure> figures,
      MeasuredProgram empty,
      MeasuredProgram provider,
      Path archive,
      int runs)
      throws Exception {
    provider.with("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive).run("");
    String use = "-XX:SharedArchiveFile=" + archive;
    List<Double> time =
        MedianRuns.of(List.of(empty.with(use), provider.with(use)), runs, MeasuredProgram::millis);
    figures.add(
        BenchFigure.information(
                "e", "the same with class data of the service", time.get(1) - time.get(0), "ms")
            .noted(beside(time)));
  }

  /** The classes of this suite and their resources, in a jar. */
  private static Path own(Path folder) throws IOException, URISyntaxException {
    Path classes = Path.of(location(StartSuite.class));
    Path jar = folder.resolve("probe.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : List.of(StartProbe.class, FirstSecret.class, InstantStore.class)) {
        String name = each.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        out.write(Files.readAllBytes(classes.resolve(name)));
      }
    }
    return jar;
  }

  private static String beside(List<Double> pair) {
    return String.format(
        Locale.ROOT,
        "%s beside %s",
        BenchFigure.number(pair.get(1)),
        BenchFigure.number(pair.get(0)));
  }

  private static void more(
      List<BenchFigure> figures, String what, List<Double> pair, String unit, double limit) {
    String text = String.format(Locale.ROOT, "%s, more than an empty JVM", what);
    double more = pair.get(1) - pair.get(0);
    figures.add(
        BenchFigure.checked("e", text, more, unit, GoalBound.atMost(limit)).noted(beside(pair)));
  }

  private static void gpg(List<BenchFigure> figures, Path folder, int runs) throws Exception {
    Map<String, String> environment =
        Map.of(
            "SECRETS_BACKEND", "gpg",
            "SECRETS_GPG_STORE", folder.resolve("store").toString(),
            "SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    new MeasuredProgram(secrets("put", "LTC_SECRET_KEY", "--stdin"), environment, "")
        .run("made-up");
    command(figures, "the GPG store", environment, "made-up", runs);
  }

  private static void aws(List<BenchFigure> figures, int runs) throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> AwsAnswers.value(request, 1))) {
      Map<String, String> environment = new HashMap<>(Map.of("SECRETS_BACKEND", "aws"));
      AwsAnswers.settings(server).forEach((key, value) -> environment.put(variable(key), value));
      String value = AwsAnswers.value("LTC_SECRET_KEY", 1);
      command(figures, "AWS (loopback)", environment, value, runs);
    }
  }

  private static String variable(String key) {
    return "SECRETS_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** By the launcher; its very first run, which makes the class-data archive, is not measured. */
  private static void command(
      List<BenchFigure> figures,
      String store,
      Map<String, String> environment,
      String value,
      int runs)
      throws Exception {
    MeasuredProgram get = new MeasuredProgram(secrets("get", "LTC_SECRET_KEY"), environment, value);
    get.run("");
    double millis = MedianRuns.of(List.of(get), runs, MeasuredProgram::millis).get(0);
    figures.add(
        BenchFigure.checked("j", "secrets get on " + store, millis, "ms", GoalBound.atMost(450)));
  }

  private static List<String> secrets(String... args) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toAbsolutePath().toString()));
    command.addAll(List.of(args));
    return command;
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
