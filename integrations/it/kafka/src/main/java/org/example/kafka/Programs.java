package org.example.kafka;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Starts programs of Kafka in a Java of their own, each in a folder of its own. */
final class Programs {
  private static final List<String> CLASS_PATH =
      List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator));
  private static final Path LOGGING =
      Path.of(System.getProperty("java.util.logging.config.file", "none"));

  private Programs() {}

  /** Jars of a service that uses the library: with it and the backend. */
  static List<String> ours() {
    return CLASS_PATH.stream()
        .filter(jar -> isOurs(Path.of(jar).getFileName().toString()))
        .map(jar -> Path.of(jar).toAbsolutePath().toString())
        .toList();
  }

  private static boolean isOurs(String jar) {
    return jar.startsWith("secrets-kafka")
        || jar.startsWith("secrets-api")
        || jar.startsWith("secrets-file-gpg")
        || jar.startsWith("bc")
        || jar.startsWith("jspecify");
  }

  /** Jars of Kafka, without ours and without this program's. */
  static List<String> kafka() {
    return CLASS_PATH.stream()
        .filter(
            jar -> {
              String name = Path.of(jar).getFileName().toString();
              return !isOurs(name)
                  && !name.startsWith("secrets-")
                  && !name.equals("kafka-proof.jar");
            })
        .map(jar -> Path.of(jar).toAbsolutePath().toString())
        .toList();
  }

  static String proof() {
    return CLASS_PATH.stream()
        .filter(jar -> jar.endsWith("kafka-proof.jar"))
        .map(jar -> Path.of(jar).toAbsolutePath().toString())
        .findFirst()
        .orElseThrow();
  }

  /** Runs a program until it answers; the rest of the environment has no settings of ours. */
  static LocalServer start(
      Path folder, int megabytes, List<String> jars, List<String> mainAndArguments,
      BooleanSupplier answers)
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
            "-cp",
            String.join(java.io.File.pathSeparator, jars)));
    command.addAll(mainAndArguments);
    return LocalServer.start(command, Map.of(), folder, server -> answers.getAsBoolean());
  }

  /** Runs a program to its end. */
  static void run(Path folder, List<String> jars, List<String> mainAndArguments)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            String.join(java.io.File.pathSeparator, jars)));
    command.addAll(mainAndArguments);
    Path log = folder.resolve("run.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("A program of Kafka failed; see " + log);
    }
  }

  static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
