package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped jars as modules: each backend is found there, and {@code jlink} takes what it can.
 */
class ModulePathIT {
  private static final String PROBE =
      """
      import de.lifetimecircle.secrets.SecretException;
      import de.lifetimecircle.secrets.SecretProvider;
      import java.lang.module.ModuleDescriptor;

      public class Probe {
        public static void main(String[] args) {
          System.out.println(SecretProvider.class.getModule());
          ModuleDescriptor store =
              ModuleLayer.boot().findModule(args[0]).orElseThrow().getDescriptor();
          System.out.println(store.isAutomatic() ? "automatic" : "exports " + store.exports());
          try (SecretProvider provider = SecretProvider.open()) {
            System.out.println(provider.find("ABSENT").isPresent());
          } catch (SecretException e) {
            System.err.println(e.getMessage());
          System.out.println(e.scheme().orElse("none") + " " + e.kind());
          }
        }
      }
      """;

  /** The libraries that the test kit brings, and itself. */
  private static final Pattern KIT =
      Pattern.compile(
          "/(secrets-api|secrets-testkit|junit-jupiter-api|junit-jupiter-params"
              + "|junit-platform-commons|opentest4j|assertj-core|byte-buddy|jspecify)-[^/]*\\.jar$"
              + "|/(api|testkit)/target/classes$");

  @TempDir static Path folder;
  private static Installation installed;
  private static Path classes;

  @BeforeAll
  static void compile() throws IOException {
    installed = Installation.shared(folder);
    classes = Files.createDirectories(folder.resolve("classes"));
    Path source = Files.writeString(folder.resolve("Probe.java"), PROBE);
    int exit =
        tool("javac")
            .run(
                System.out,
                System.err,
                "-cp",
                jar("secrets-api").toString(),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(exit).isZero();
  }

  /** Nothing listens on port 1, so the answer of a remote backend is that it cannot be reached. */
  @ParameterizedTest
  @CsvSource({
    "gpg, exports [], false",
    "vault, exports [], vault UNAVAILABLE",
    "azure, exports [], azure UNAVAILABLE",
    "aws, exports [], aws UNAVAILABLE"
  })
  void eachBackendIsFoundOnTheModulePath(String backend, String module, String answer)
      throws IOException {
    Path config =
        Files.writeString(
            folder.resolve(backend + ".properties"),
            """
            backend=%s
            timeout=20s
            vault.address=http://127.0.0.1:1
            vault.token=x
            azure.vault-url=https://127.0.0.1:1
            azure.tenant-id=11111111-1111-1111-1111-111111111111
            azure.client-id=11111111-1111-1111-1111-111111111111
            azure.client-secret=x
            azure.credential=client-secret
            aws.region=eu-central-1
            aws.endpoint=http://127.0.0.1:1
            """
                .lines()
                .filter(line -> line.startsWith(backend + ".") || !line.contains("."))
                .map(line -> line.replace("%s", backend))
                .collect(Collectors.joining("\n")));
    installed.environment.put("SECRETS_CONFIG", config.toString());
    installed.environment.put("AWS_ACCESS_KEY_ID", "x");
    installed.environment.put("AWS_SECRET_ACCESS_KEY", "x");
    Result result =
        installed.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
            "-XX:+UseSerialGC",
            "--module-path",
            installed.root.resolve("lib").toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "-cp",
            classes.toString(),
            "Probe",
            "de.lifetimecircle.secrets." + backend);
    assertThat(result.text().lines())
        .as(result.err())
        .containsExactly("module de.lifetimecircle.secrets", module, answer);
  }

  @Test
  void imageOfTheApiAndTheStoreOfFilesReadsASecret() throws IOException {
    installed.environment.remove("SECRETS_CONFIG");
    Path image = folder.resolve("image");
    List<String> jars = new ArrayList<>();
    for (String name : List.of("secrets-api", "secrets-file-gpg", "bcpg", "bcprov", "bcutil")) {
      jars.add(jar(name).toString());
    }
    int exit =
        tool("jlink")
            .run(
                System.out,
                System.err,
                "--module-path",
                String.join(":", jars),
                "--add-modules",
                "de.lifetimecircle.secrets.gpg",
                "--output",
                image.toString());
    assertThat(exit).isZero();
    Result result =
        installed.run(
            image.resolve("bin/java").toString(),
            "-cp",
            classes.toString(),
            "Probe",
            "de.lifetimecircle.secrets.gpg");
    assertThat(result.text().lines())
        .as(result.err())
        .containsExactly("module de.lifetimecircle.secrets", "exports []", "false");
  }

  /** The kit and what it brings, all from the class path of this test. */
  @Test
  void testKitIsAModuleThatBringsNoOtherLibraries() throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("KitProbe.java"),
            """
            import de.lifetimecircle.secrets.testkit.FakeStore;

            public class KitProbe {
              public static void main(String[] args) {
                System.out.println(FakeStore.class.getModule());
                FakeStore store = FakeStore.create().holding("NAME", "value");
                System.out.println(store.fetch("NAME").value().size());
              }
            }
            """);
    String kit =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(path -> KIT.matcher(path).find())
            .collect(Collectors.joining(File.pathSeparator));
    int exit =
        tool("javac")
            .run(System.out, System.err, "-cp", kit, "-d", classes.toString(), source.toString());
    assertThat(exit).isZero();
    Result result =
        installed.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
            "-XX:+UseSerialGC",
            "--module-path",
            kit,
            "--add-modules",
            "de.lifetimecircle.secrets.testkit",
            "-cp",
            classes.toString(),
            "KitProbe");
    assertThat(result.text().lines())
        .as(result.err())
        .containsExactly("module de.lifetimecircle.secrets.testkit", "5");
  }

  private static ToolProvider tool(String name) {
    return ToolProvider.findFirst(name).orElseThrow();
  }

  private static Path jar(String start) throws IOException {
    try (Stream<Path> all = Files.list(installed.root.resolve("lib"))) {
      return all.filter(path -> path.getFileName().toString().startsWith(start))
          .findFirst()
          .orElseThrow();
    }
  }
}
