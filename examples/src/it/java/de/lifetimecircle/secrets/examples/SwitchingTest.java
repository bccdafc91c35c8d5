package de.lifetimecircle.secrets.examples;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program, one class path, four files: the same output. It runs as a process of its own, in the
 * platform's poorest charset, which no value may be read or written in.
 */
@Timeout(180)
final class SwitchingTest {
  private static final Path FILES = Path.of("switching").toAbsolutePath();

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

  @Test
  void onEncryptedFiles() throws Exception {
    assertThat(run("gpg", Map.of())).isEqualTo(OUTPUT);
  }

  @Test
  void onAws() throws Exception {
    try (AwsServer server = AwsServer.start(AwsServer.Program.MOTO, folder)) {
      Map<String, String> place =
          Map.of(
              "SECRETS_AWS_ENDPOINT", server.uri().toString(),
              "AWS_ACCESS_KEY_ID", "example",
              "AWS_SECRET_ACCESS_KEY", "example");
      assertThat(run("aws", place)).isEqualTo(OUTPUT);
    }
  }

  @Test
  void onAzure() throws Exception {
    try (KeyVaultServer server = KeyVaultServer.builder().start()) {
      Map<String, String> place =
          Map.of(
              "SECRETS_AZURE_VAULT_URL", server.uri().toString(),
              "SECRETS_AZURE_AUTHORITY", server.authority().toString(),
              "SECRETS_AZURE_INSTANCE_DISCOVERY", "off",
              "SECRETS_AZURE_CHALLENGE_VERIFICATION", "off",
              "SECRETS_AZURE_CA_FILE", server.certificates().writePem(folder).toString(),
              "SECRETS_AZURE_CREDENTIAL", "client-secret",
              "AZURE_TENANT_ID", server.tenantId(),
              "AZURE_CLIENT_ID", server.clientId(),
              "SECRETS_AZURE_CLIENT_SECRET", server.clientSecret());
      assertThat(run("azure", place)).isEqualTo(OUTPUT);
    }
  }

  @Test
  void onVault() throws Exception {
    try (OpenBaoServer server = OpenBaoServer.start(folder)) {
      Map<String, String> place =
          Map.of(
              "SECRETS_VAULT_ADDRESS", server.uri().toString(),
              "SECRETS_VAULT_CA_FILE", server.caFile().toString(),
              "VAULT_TOKEN", server.rootToken());
      assertThat(run("vault", place)).isEqualTo(OUTPUT);
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
