package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.VaultAnswers;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.oer.OERDefinition;
import org.bouncycastle.openpgp.PGPPublicKey;

/**
 * Measures {@code SecretProvider.open().get(name)} in a process of its own: on files beside an
 * empty JVM, on a backend beside that backend's own client. Goal e2.
 */
final class OpenFigures {
  private static final String GOAL = "e2";
  private static final String MORE = ", more than an empty JVM";
  private static final Path GUIDE = Path.of("docs", "gpg-store.md");
  private static final double MOST_MILLIS = 250;
  private static final Limit BESIDE_THE_CLIENT = Limit.atMost(1.15);

  private final MedianRuns runs;
  private final Path folder;
  private final List<BenchFigure> figures = new ArrayList<>();

  /**
   * Measures.
   *
   * @param folder where temporary files go
   */
  OpenFigures(MedianRuns runs, Path folder) {
    this.runs = runs;
    this.folder = folder;
  }

  /**
   * Returns all figures.
   *
   * @param files the environment of a store of files that has the secret
   */
  List<BenchFigure> of(Map<String, String> files) throws Exception {
    files(files);
    String classPath = withoutSpring();
    try (LoopbackServer server = new LoopbackServer(request -> AwsAnswers.value(request, 1))) {
      besideItsClient("aws", classPath, AwsAnswers.settings(server));
    }
    try (LoopbackServer server = new LoopbackServer(request -> VaultAnswers.value())) {
      besideItsClient("vault", classPath, VaultAnswers.settings(server));
    }
    return figures;
  }

  /** Spring is here for its own client of Vault, and its logging prints a line. */
  private static String withoutSpring() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(jar -> !jar.substring(jar.lastIndexOf('/') + 1).startsWith("spring-"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** With the jars of the store of files only, as a service has them. */
  private void files(Map<String, String> environment) throws Exception {
    Path service = folder.resolve("service");
    Path lib = Files.createDirectories(service.resolve("lib"));
    List<String> jars = new ArrayList<>();
    for (Path jar : jars()) {
      jars.add(jar.toString());
      Files.copy(jar, lib.resolve(jar.getFileName()));
    }
    String classPath = String.join(File.pathSeparator, jars);
    above(
        "open().get() on files",
        MeasuredProgram.java(classPath, StartProbe.class, "empty"),
        MeasuredProgram.java(classPath, StartProbe.class, "open").in(environment),
        MOST_MILLIS);
    withClassData(service, environment);
  }

  private List<Path> jars() throws Exception {
    List<Path> jars = new ArrayList<>(List.of(ProgramJars.probe(folder)));
    for (Class<?> each :
        List.of(
            SecretProvider.class,
            PgpIdentity.class,
            PGPPublicKey.class,
            BouncyCastleProvider.class,
            OERDefinition.class)) {
      jars.add(ProgramJars.of(each, folder));
    }
    return jars;
  }

  /** As the page of the store says: a step that it left out would show in the classes. */
  private void withClassData(Path service, Map<String, String> environment) throws Exception {
    String what = "the same with class data of the service";
    ServiceRecipe recipe = ServiceRecipe.of(GUIDE, service, environment);
    recipe.follow();
    if (recipe.fromClassData("org.bouncycastle.") > 0) {
      above(what, recipe.empty(), recipe.service(), MOST_MILLIS / 2);
    } else {
      String reason = "the class data have no class of Bouncy Castle, which " + GUIDE + " promises";
      figures.add(BenchFigure.missing(GOAL, what + MORE, reason));
    }
  }

  private void above(String what, MeasuredProgram empty, MeasuredProgram open, double millis)
      throws Exception {
    List<Double> pair = runs.of(List.of(empty, open), MeasuredProgram::millis);
    figures.add(
        BenchFigure.checked(
                GOAL, what + MORE, pair.get(1) - pair.get(0), "ms", Limit.atMost(millis))
            .noted(ProgramJars.beside(pair)));
  }

  private void besideItsClient(String scheme, String classPath, Map<String, String> settings)
      throws Exception {
    Map<String, String> environment = StartSuite.environment(scheme, settings);
    MeasuredProgram client =
        MeasuredProgram.java(classPath, StartProbe.class, scheme).in(environment);
    MeasuredProgram open =
        MeasuredProgram.java(classPath, StartProbe.class, "open").in(environment);
    List<Double> pair = runs.of(List.of(client, open), MeasuredProgram::millis);
    String what = String.format(Locale.ROOT, "open().get() on %s (loopback)", scheme);
    figures.add(
        BenchFigure.compared(GOAL, what, pair.get(1), "ms", pair.get(0), BESIDE_THE_CLIENT)
            .noted("beside the first read of the backend's own client"));
  }
}
