package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.MeasuredProgram;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts what a process loads until it has its first secret, on each backend: the source files of
 * this project, all classes, and the milliseconds. {@code .mvn/size} keeps these figures, so that
 * growth shows. It counts loaded classes, since the JVM tells them with one flag; a class that is
 * loaded is read and verified, also if no method of it runs.
 */
public final class FirstReadProgram {
  private static final int RUNS = 3;
  private static final Pattern LOADED = Pattern.compile("(?m)\\[class,load\\s*\\] (\\S+) source:");
  private static final Pattern OURS =
      Pattern.compile("de\\.lifetimecircle\\.secrets\\.(?!bench\\.)[\\w.]+");

  private static final String OWN_CLASSES = "bench/target/classes";

  private FirstReadProgram() {}

  /** The figures of one backend. */
  record Figures(int files, int classes, long millis) {}

  /**
   * Prints three lines for each backend: what is counted, a tab, and the figure. Fails at the first
   * backend whose server is not installed.
   *
   * @param args the class path of the library as services have it, without the clients that are
   *     compared with it; then the participants, or none for all four backends
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    String path = args[0] + File.pathSeparator + OWN_CLASSES;
    List<String> names = List.of("gpg", "aws-moto", "azure", "vault");
    if (args.length > 1) {
      names = List.of(args).subList(1, args.length);
    }
    Path folder = Files.createTempDirectory("first-read");
    try (KnownServers servers = new KnownServers(folder, Map.of())) {
      for (String name : names) {
        print(servers.start(name, ""), path, folder);
      }
    }
  }

  private static void print(ParticipantAccess subject, String path, Path folder)
      throws IOException, InterruptedException {
    Figures figures = measure(subject, path, folder);
    String on = ", first secret on " + subject.scheme() + "\t";
    System.out.println("source files" + on + figures.files());
    System.out.println("classes" + on + figures.classes());
    System.out.println("milliseconds" + on + figures.millis());
  }

  static Figures measure(ParticipantAccess subject, String path, Path folder)
      throws IOException, InterruptedException {
    String secret = BackendClient.names(1).get(0);
    try (BackendClient client = BackendClient.caching(subject)) {
      client.put(secret);
    }
    Path log = folder.resolve("classes.log");
    List<Long> times = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      Files.deleteIfExists(log);
      times.add(millis(subject, secret, path, log));
    }
    Collections.sort(times);
    String loaded = Files.readString(log);
    List<String> classes = LOADED.matcher(loaded).results().map(found -> found.group(1)).toList();
    return new Figures(sourceFiles(classes), classes.size(), times.get(RUNS / 2));
  }

  /** Nested classes are in the file of the outer one. */
  private static int sourceFiles(List<String> classes) {
    TreeSet<String> files = new TreeSet<>();
    for (String name : classes) {
      Matcher ours = OURS.matcher(name);
      if (ours.lookingAt()) {
        files.add(ours.group());
      }
    }
    return files.size();
  }

  private static long millis(ParticipantAccess subject, String secret, String path, Path log)
      throws IOException, InterruptedException {
    Properties settings = new Properties();
    settings.putAll(subject.settings());
    StringWriter input = new StringWriter();
    settings.store(input, null);
    String printed =
        MeasuredProgram.java(path, FirstRead.class, subject.scheme(), secret)
            .with("-Xlog:class+load:file=" + log)
            .run(input.toString());
    return Long.parseLong(printed.strip());
  }
}
