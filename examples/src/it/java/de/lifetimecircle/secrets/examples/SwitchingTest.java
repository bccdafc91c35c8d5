package de.lifetimecircle.secrets.examples;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One program, one class path, four files: the same output. It runs as a process of its own, in the
 * platform's poorest charset, which no value may be read or written in.
 */
final class SwitchingTest {
  private static final Path FILES = Path.of("switching").toAbsolutePath();

  /** The variables that other programs of a cloud read as well. */
  private static final Map<String, String> USUAL =
      Map.of(
          "aws.access-key-id", "AWS_ACCESS_KEY_ID",
          "aws.secret-access-key", "AWS_SECRET_ACCESS_KEY",
          "azure.tenant-id", "AZURE_TENANT_ID",
          "azure.client-id", "AZURE_CLIENT_ID",
          "vault.token", "VAULT_TOKEN");

  private static final String OUTPUT =
      """
      first put: CREATED
      read: the same text, from BACKEND
      same put: UNCHANGED
      rotation: UPDATED
      seen while it runs: true
      handle: the same text
      another version: true
      versions: 2, accepted: 2
      current: the same text
      previous: the same text
      missing: NOT_FOUND 'switching/NOT_THERE'
      cleaned up: true
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gpg", "aws", "azure", "vault"})
  void sameOutput(String scheme) throws Exception {
    if (scheme.equals("gpg")) { // as the file says: in the user's data folder
      assertThat(run(scheme, Map.of())).isEqualTo(OUTPUT);
      return;
    }
    try (Backend backend = Backend.start(scheme, folder)) {
      Map<String, String> place = Backend.variables(backend.place());
      backend
          .login()
          .forEach(
              (key, value) -> {
                String usual = USUAL.get(key);
                place.putAll(
                    usual == null ? Backend.variables(Map.of(key, value)) : Map.of(usual, value));
              });
      assertThat(run(scheme, place)).isEqualTo(OUTPUT);
    }
  }

  /** What the program prints; what it says beside that is for people. */
  private String run(String backend, Map<String, String> place)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon
                    // ends
                    "-XX:+UseSerialGC",
                    "-Dfile.encoding=ISO-8859-1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Switching.class.getName()))
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(place);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("SECRETS_CONFIG", FILES.resolve(backend + ".properties").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the program ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
