package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the newest installed Java that has virtual threads, as {@code verify} does. Stateless. */
public final class NewerJdk {
  /** The reason for a row that needs one, where there is none. */
  public static final String NONE = "no Java from 21 on is installed beside this one";

  private static final int VIRTUAL_THREADS = 21;

  private NewerJdk() {}

  /**
   * An installation.
   *
   * @param home its folder
   * @param version its number, such as 25
   */
  public record Jdk(Path home, int version) {
    /** Returns its launcher. */
    public Path java() {
      return home.resolve("bin").resolve("java");
    }
  }

  /** Returns the newest, beside the one that runs or where Linux distributions put them. */
  public static Optional<Jdk> find() {
    List<Path> folders = new ArrayList<>(List.of(Path.of("/usr/lib/jvm")));
    Path beside = Path.of(System.getProperty("java.home")).getParent();
    if (beside != null) {
      folders.add(beside);
    }
    return folders.stream()
        .flatMap(NewerJdk::inside)
        .flatMap(home -> Optional.ofNullable(jdk(home)).stream())
        .filter(jdk -> jdk.version() >= VIRTUAL_THREADS)
        .max(Comparator.comparingInt(Jdk::version));
  }

  private static Stream<Path> inside(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> Files.isExecutable(entry.resolve("bin/java")))
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty(); // no such folder, so none in it
    }
  }

  private static @Nullable Jdk jdk(Path home) {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(home.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
      return new Jdk(home, Runtime.Version.parse(version).feature());
    } catch (IOException | IllegalArgumentException e) {
      return null; // its version cannot be determined
    }
  }
}
