package de.lifetimecircle.secrets.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes of this build for commands in processes of their own, with class data as the launcher
 * makes it: a command then takes half the processor's time. Made once in each JVM of tests.
 *
 * <p>The JVM archives neither classes in folders nor classes of signed jars. So folders are packed,
 * and signatures left out as the distribution leaves them out.
 *
 * @param classPath packed, in the order of the test's own
 * @param options for the JVM; empty if no archive could be written, which only costs time
 */
record CommandArchive(String classPath, String options) {
  /** As the launcher has them. The last takes a third off a command's processor time. */
  static final List<String> FLAGS =
      Stream.of(
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-Xss512k",
              "-XX:-UsePerfData",
              Runtime.version().feature() < 21 ? "-Djava.locale.providers=COMPAT" : "")
          .filter(flag -> !flag.isEmpty())
          .toList();

  private static final class Once {
    static final CommandArchive ARCHIVE = made();
  }

  /** Waits until it is made. */
  static CommandArchive get() {
    return Once.ARCHIVE;
  }

  private static CommandArchive made() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "commands");
      String classPath = packed(folder);
      Path archive = folder.resolve("commands.jsa");
      Path scratch = Files.createDirectory(folder.resolve("scratch"));
      List<String> command = new ArrayList<>(FLAGS);
      command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:ArchiveClassesAtExit=" + archive);
      command.addAll(List.of("-Duser.home=" + scratch, "-Djava.io.tmpdir=" + scratch));
      command.addAll(List.of("-cp", classPath, Main.class.getName(), "warm-up"));
      command.add(scratch.toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("warm-up.log").toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      process.destroyForcibly();
      boolean usable = ended && process.exitValue() == 0 && Files.exists(archive);
      return new CommandArchive(
          classPath, usable ? "-Xshare:auto -XX:SharedArchiveFile='" + archive + "'" : "");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("cannot pack the classes of this build", e);
    }
  }

  private static String packed(Path folder) throws IOException {
    String given =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> jars = new ArrayList<>();
    for (String each : given.split(":", -1)) {
      Path from = Path.of(each);
      Path to = folder.resolve(String.format(Locale.ROOT, "%02d.jar", jars.size()));
      if (Files.isDirectory(from)) {
        packFolder(from, to);
      } else if (isSigned(from)) {
        copyUnsigned(from, to);
      } else if (Files.exists(from)) {
        to = from;
      } else {
        continue;
      }
      jars.add(to.toString());
    }
    return String.join(":", jars);
  }

  private static void packFolder(Path from, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> walk = Files.walk(from)) {
      jar.setLevel(0);
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new JarEntry(from.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
  }

  private static boolean isSigned(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      return false;
    }
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      return file.stream().anyMatch(CommandArchive::isSignature);
    }
  }

  private static void copyUnsigned(Path from, Path to) throws IOException {
    try (JarFile file = new JarFile(from.toFile(), false);
        OutputStream out = Files.newOutputStream(to);
        JarOutputStream jar = new JarOutputStream(out)) {
      jar.setLevel(0);
      for (JarEntry entry : file.stream().filter(each -> !isSignature(each)).toList()) {
        jar.putNextEntry(new JarEntry(entry.getName()));
        file.getInputStream(entry).transferTo(jar);
      }
    }
  }

  private static boolean isSignature(JarEntry entry) {
    String name = entry.getName().toUpperCase(Locale.ROOT);
    return name.startsWith("META-INF/") && (name.endsWith(".SF") || name.endsWith(".RSA"));
  }
}
