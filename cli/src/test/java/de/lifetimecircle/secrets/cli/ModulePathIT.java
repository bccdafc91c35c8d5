package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

      public class Probe {
        public static void main(String[] args) {
          System.out.println(SecretProvider.class.getModule());
          try (SecretProvider provider = SecretProvider.open()) {
            System.out.println(provider.find("ABSENT").isPresent());
          } catch (SecretException e) {
            System.err.println(e.getMessage());
          System.out.println(e.scheme().orElse("none") + " " + e.kind());
          }
        }
      }
      """;

  @TempDir static Path folder;
  private static Installation installed;
  private static Path classes;

  @BeforeAll
  static void compile() throws IOException {
    installed = Installation.unpack(folder);
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
    "gpg, false",
    "vault, vault UNAVAILABLE",
    "azure, azure UNAVAILABLE",
    "aws, aws UNAVAILABLE"
  })
  void eachBackendIsFoundOnTheModulePath(String backend, String answer) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve(backend + ".properties"),
            """
            backend=%s
            timeout=3s
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
            "--module-path",
            installed.root.resolve("lib").toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "-cp",
            classes.toString(),
            "Probe");
    assertThat(result.text().lines())
        .as(result.err())
        .containsExactly("module de.lifetimecircle.secrets", answer);
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
        installed.run(image.resolve("bin/java").toString(), "-cp", classes.toString(), "Probe");
    assertThat(result.text().lines())
        .as(result.err())
        .containsExactly("module de.lifetimecircle.secrets", "false");
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
