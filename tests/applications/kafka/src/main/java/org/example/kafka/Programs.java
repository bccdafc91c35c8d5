package org.example.kafka;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Starts programs of Kafka in a Java of their own, each in a folder of its own. */
final class Programs {
  private static final List<String> CLASS_PATH =
      List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator));
  private static final Path LOGGING =
      Path.of(System.getProperty("java.util.logging.config.file", "none"));

  private static final String PROOF = "kafka-proof.jar";
  private static final boolean HAS_CLOUDS =
      CLASS_PATH.stream().anyMatch(jar -> jar.contains("secrets-aws-provider"));

  private Programs() {}

  /** Jars of a service that uses the library: with it and the backends. */
  static List<String> ours() {
    return jars(Programs::isOurs);
  }

  /** With other backends than gpg, all but Kafka's own: the SDKs of the clouds have dozens. */
  private static boolean isOurs(Path jar) {
    String name = jar.getFileName().toString();
    if (HAS_CLOUDS && !name.startsWith("secrets-test") && !name.equals(PROOF)) {
      return !jar.toString().contains("/org/apache/kafka/") && !name.startsWith("slf4j-");
    }
    return name.startsWith("secrets-kafka")
        || name.startsWith("secrets-api")
        || name.startsWith("secrets-file-gpg")
        || name.startsWith("bc")
        || name.startsWith("jspecify");
  }

  /** Jars of Kafka, without ours and without this program's. */
  static List<String> kafka() {
    return jars(
        jar -> {
          String name = jar.getFileName().toString();
          return !name.startsWith("secrets-")
              && !name.startsWith("bc")
              && !name.startsWith("jspecify")
              && !name.equals(PROOF);
        });
  }

  private static List<String> jars(Predicate<Path> wanted) {
    return CLASS_PATH.stream()
        .map(jar -> Path.of(jar).toAbsolutePath())
        .filter(wanted)
        .map(Path::toString)
        .toList();
  }

  static String proof() {
    return CLASS_PATH.stream()
        .filter(jar -> jar.endsWith(PROOF))
        .map(jar -> Path.of(jar).toAbsolutePath().toString())
        .findFirst()
        .orElseThrow();
  }

  /** Runs a program until it answers; the environment has no settings of ours. */
  static LocalServer start(
      Path folder, int megabytes, List<String> jars, List<String> mainAndArguments,
      BooleanSupplier answers)
      throws IOException {
    return start(folder, megabytes, Map.of(), jars, mainAndArguments, answers);
  }

  /** The same, with variables of others. */
  static LocalServer start(
      Path folder, int megabytes, Map<String, String> environment, List<String> jars,
      List<String> mainAndArguments, BooleanSupplier answers)
      throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + megabytes + "m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Djava.util.logging.config.file=" + LOGGING.toAbsolutePath(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            // Says when Connect restarts tasks by itself.
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect.runtime.AbstractHerder=debug",
            "-cp",
            String.join(java.io.File.pathSeparator, jars)));
    command.addAll(mainAndArguments);
    return LocalServer.start(command, environment, folder, server -> answers.getAsBoolean());
  }

  static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
