package org.example.kafka;

import de.lifetimecircle.secrets.applications.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs of Kafka, each a Java in a folder of its own, and the parts of this class path. Stateless. */
final class Programs {
  private static final List<Path> CLASS_PATH = JavaProcess.classPath().stream().map(Path::of).toList();

  /** With other backends than gpg, since the SDKs of the clouds have dozens of jars. */
  private static final boolean HAS_CLOUDS = System.getProperty("full") != null;

  private Programs() {}

  /** Jars of a service that uses the library: with it and the backends. */
  static List<String> ours() {
    return CLASS_PATH.stream()
        .filter(HAS_CLOUDS ? Programs::isOfAnyBackend : Programs::isOurs)
        .map(Path::toString)
        .toList();
  }

  private static boolean isOurs(Path jar) {
    // A reactor that has packaged nothing has folders of classes: api/target/classes.
    String ours = "(kafka|api|file-gpg-provider)";
    return jar.toString().matches(".*/(integrations/)?" + ours + "/target/classes") && !jar.equals(Path.of(here()))
        || jar.getFileName().toString().matches("secrets-" + ours + "-.*|bc.*|jspecify.*");
  }

  /** All but Kafka's own, the ones of tests, and these classes. */
  private static boolean isOfAnyBackend(Path jar) {
    return Files.isRegularFile(jar)
        && !jar.toString().contains("/org/apache/kafka/")
        && !jar.getFileName().toString().matches("(slf4j|secrets-test|secrets-applications).*");
  }

  /** Jars of Kafka with a service that uses the library, and these classes. */
  static List<String> all() {
    List<String> all = new ArrayList<>(kafka());
    all.addAll(ours());
    all.add(here());
    return all;
  }

  /** Jars of Kafka, without ours and these classes. */
  static List<String> kafka() {
    return CLASS_PATH.stream()
        .filter(jar -> !isOurs(jar) && !jar.getFileName().toString().startsWith("secrets-"))
        .filter(Files::isRegularFile)
        .map(Path::toString)
        .toList();
  }

  /** The place of these classes: the plug-in with the connector, the producer, the broker's handler. */
  static String here() {
    return Path.of(Programs.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  /** A program that is about to start; the environment has no settings of ours. */
  static JavaProcess program(
      Path folder, int megabytes, Map<String, String> environment, List<String> jars, String main,
      Path... arguments) {
    return new JavaProcess(folder.resolve("java.log"), environment)
        .quick(megabytes)
        .options(
            "-Djava.util.logging.config.file=" + here() + "/logging.properties",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            // Says when Connect restarts tasks by itself.
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect.runtime.AbstractHerder=debug")
        .main(jars, main, (Object[]) arguments);
  }
}
