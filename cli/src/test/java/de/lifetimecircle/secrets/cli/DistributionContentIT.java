package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars of the distribution, and what of them a start reads. */
class DistributionContentIT {
  private static final String SIGNATURE = "META-INF/(MANIFEST[.]MF|[^/]*[.](SF|DSA|RSA|EC))";

  @TempDir static Path folder;

  /**
   * The JVM keeps no class of a signed jar in the class data, and checks each one at every start.
   */
  @Test
  void hasTheFilesOfBouncyCastleWithoutItsSignature() throws IOException {
    Path lib = Installation.shared(folder).root.resolve("lib");
    List<Path> published =
        Stream.of(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(jar -> jar.getFileName().toString().matches("bc(pg|prov|util)-.*[.]jar"))
            .toList();
    assertThat(published).hasSize(3);
    for (Path jar : published) {
      Map<String, String> theirs = files(jar);
      Map<String, String> ours = files(lib.resolve(jar.getFileName()));
      assertThat(theirs.keySet()).anyMatch(name -> name.endsWith(".SF"));
      assertThat(ours.keySet()).filteredOn(name -> name.matches(SIGNATURE)).hasSize(1);
      assertThat(ours.get(JarFile.MANIFEST_NAME)).doesNotContain("Digest");
      theirs.keySet().removeIf(name -> name.matches(SIGNATURE));
      ours.keySet().removeIf(name -> name.matches(SIGNATURE));
      assertThat(ours).as(jar.toString()).isEqualTo(theirs);
    }
  }

  private static Map<String, String> files(Path jar) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      for (JarEntry entry : file.stream().filter(each -> !each.isDirectory()).toList()) {
        byte[] content = file.getInputStream(entry).readAllBytes();
        files.put(entry.getName(), new String(content, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  /** A backend that a jar declares and the folder does not have could not be chosen. */
  @Test
  void listsTheServicesThatItsJarsDeclare() throws IOException {
    Path lib = Installation.shared(folder).root.resolve("lib");
    Map<String, TreeSet<String>> declared = new TreeMap<>();
    try (Stream<Path> all = Files.list(lib)) {
      for (Path jar : all.filter(each -> each.toString().endsWith(".jar")).toList()) {
        files(jar)
            .forEach(
                (name, content) -> {
                  if (name.startsWith("META-INF/services/de.lifetimecircle.")) {
                    declared
                        .computeIfAbsent(name, unused -> new TreeSet<>())
                        .addAll(content.lines().toList());
                  }
                });
      }
    }
    Map<String, TreeSet<String>> listed = new TreeMap<>();
    Path services = lib.resolveSibling("services");
    try (Stream<Path> all = Files.walk(services)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).isSorted();
        listed.put(services.relativize(file).toString(), new TreeSet<>(lines));
      }
    }
    assertThat(listed).isEqualTo(declared).hasSizeGreaterThan(2);
  }

  @Test
  void aReadTakesItsClassesFromTheClassDataAndOpensFewJars() throws IOException {
    Installation installed = Installation.shared(folder);
    assertThat(installed.secrets("generate", "A", "--type", "hex").code()).isZero();
    Path opened = folder.resolve("opened");
    Path loaded = folder.resolve("loaded");
    Path archive;
    try (Stream<Path> archives = Files.list(installed.root.resolve("lib/cds"))) {
      archive = archives.findFirst().orElseThrow();
    }
    Path jar;
    try (Stream<Path> jars = Files.list(installed.root.resolve("lib"))) {
      jar =
          jars.filter(each -> each.toString().contains("/secrets-cli-")).findFirst().orElseThrow();
    }
    Result read =
        installed.run(
            Stream.of(
                    "strace -f -qq -e trace=openat -o " + opened,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    String.join(" ", CommandArchive.FLAGS),
                    "-XX:SharedArchiveFile=" + archive,
                    "-Xlog:class+load:file=" + loaded,
                    "-cp " + jar + " " + Main.class.getName() + " get A")
                .flatMap(words -> Stream.of(words.split(" ")))
                .toArray(String[]::new));
    assertThat(read.code()).as(read.err()).isZero();
    assertThat(Files.readAllLines(loaded))
        .filteredOn(line -> line.contains("org.bouncycastle."))
        .hasSizeGreaterThan(200)
        .allMatch(line -> line.contains("shared objects file"));
    if (Runtime.version().feature() < 21) { // newer ones look for a logger in every jar at exit
      assertThat(Files.readAllLines(opened))
          .filteredOn(line -> line.matches(".*/lib/[^/]*[.]jar.*"))
          .hasSizeBetween(1, 10);
    }
  }
}
