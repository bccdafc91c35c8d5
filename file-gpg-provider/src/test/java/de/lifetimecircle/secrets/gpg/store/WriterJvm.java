package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A running {@link WriterProcess} and what it has said. */
final class WriterJvm {
  /**
   * How to start one quickly: signed jars make the JVM hash every class and keep it from sharing
   * them, so all classes are put into one unsigned jar with an archive for sharing. A start then
   * costs 0.4 s instead of 1.2 s, which counts when 300 are killed.
   */
  record Launcher(Path jar, Path archive) {
    static Launcher make(Path folder) throws IOException, InterruptedException {
      Path jar = folder.resolve("all.jar");
      Set<String> seen = new HashSet<>();
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
          if (Files.isDirectory(Path.of(part))) {
            addFolder(out, Path.of(part), seen);
          } else if (part.matches(".*/(bcpg|bcprov|bcutil|secrets|jspecify)[^/]*jar")) {
            addJar(out, Path.of(part), seen);
          }
        }
      }
      Launcher launcher = new Launcher(jar, folder.resolve("classes.jsa"));
      List<String> command = new ArrayList<>(launcher.java());
      command.add(1, "-XX:ArchiveClassesAtExit=" + launcher.archive());
      command.addAll(List.of(folder.resolve("training").toString(), "train"));
      Process training =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("training.log").toFile())
              .start();
      assertThat(training.waitFor()).as("the training run").isZero();
      return launcher;
    }

    private static void addFolder(JarOutputStream out, Path folder, Set<String> seen)
        throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          add(out, folder.relativize(file).toString(), Files.readAllBytes(file), seen);
        }
      }
    }

    private static void addJar(JarOutputStream out, Path path, Set<String> seen)
        throws IOException {
      try (JarFile jar = new JarFile(path.toFile())) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(out, entry.getName(), in.readAllBytes(), seen);
          }
        }
      }
    }

    private static void add(JarOutputStream out, String name, byte[] content, Set<String> seen)
        throws IOException {
      boolean wanted = name.toLowerCase(Locale.ROOT).endsWith(".class") && seen.add(name);
      if (wanted && !name.startsWith("META-INF/")) {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
      }
    }

    private List<String> java() {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx128m",
          "-cp",
          jar.toString(),
          WriterProcess.class.getName());
    }

    WriterJvm start(Path home, String... arguments) {
      List<String> command = new ArrayList<>(java());
      command.addAll(1, List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive));
      command.add(home.toString());
      command.addAll(List.of(arguments));
      try {
        return new WriterJvm(
            new ProcessBuilder(command).redirectError(home.resolve("errors").toFile()).start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Process process;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread listener;

  private WriterJvm(Process process) {
    this.process = process;
    this.listener = new Thread(this::listen);
    this.listener.start();
  }

  private void listen() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        said.add(line);
        ready.countDown();
      }
    } catch (IOException e) {
      // The pipe of a killed process may end anyhow.
    }
    ready.countDown();
  }

  Queue<String> said() {
    return said;
  }

  void go() throws IOException, InterruptedException {
    assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said.poll()).isEqualTo("ready");
    try (OutputStream in = process.getOutputStream()) {
      in.write('\n');
    }
  }

  void kill() throws InterruptedException {
    // Not the process itself: that closes the pipe, and with it what was said and not yet heard.
    assertThat(process.toHandle().destroyForcibly()).isTrue();
    process.waitFor();
    listener.join();
  }

  void awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    listener.join();
  }
}
