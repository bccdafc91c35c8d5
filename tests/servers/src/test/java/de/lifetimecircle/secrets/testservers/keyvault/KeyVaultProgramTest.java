package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vault as a program of its own. */
final class KeyVaultProgramTest {
  @TempDir private Path folder;

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KeyVaultServer.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void runsUntilItIsToldToEndAndLeavesNothing() throws Exception {
    Path quoted = folder.resolve("it's here");
    Process process = start("--folder", quoted.toString());
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      assertThat(line).startsWith("Key Vault test server: https://localhost:");
      Path secret = quoted.resolve("client-secret");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
      assertThat(sourced(quoted))
          .contains(
              "VAULT_URL=" + line.substring(line.indexOf("https")),
              "CLIENT_SECRET=" + Files.readString(secret),
              "CACERT=" + quoted.resolve("ca.pem"));
      String shown = process.info().commandLine().orElse("") + line + out.readLine();
      assertThat(shown).doesNotContain(Files.readString(secret));
    } finally {
      process.destroy();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    try (Stream<Path> left = Files.list(quoted)) {
      assertThat(left).isEmpty();
    }
  }

  /** What a shell has in its environment after it has read the file. */
  private static List<String> sourced(Path folder) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", ". ./azure.env; env").directory(folder.toFile()).start();
    String all = output(shell);
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return all.lines()
        .filter(line -> line.startsWith("SECRETS_TEST_AZURE_"))
        .map(line -> line.substring("SECRETS_TEST_AZURE_".length()))
        .toList();
  }

  @Test
  void helpTellsTheOptions() throws Exception {
    Process process = start("--help");
    assertThat(output(process)).isEqualTo(KeyVaultProgram.HELP);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void wrongArgumentEndsItWithTwo() throws Exception {
    Process process = start("--port", "none");
    assertThat(output(process))
        .isEqualTo(
            "Cannot start the Key Vault test server: --port: none"
                + " (expected: a number from 0 to 65535)\n");
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000|--port: 70000 (expected: a number from 0 to 65535)",
        "--delete-delay 5|--delete-delay: 5 (expected: a time such as 300ms, 12s or 5m)",
        "--rights all|--rights: all (expected: roles or access-policies)",
        "--colour red|--colour: unknown option (see --help)",
        "--quota|--quota: no value (see --help)",
        "--quota 5|--folder: missing (expected: a folder to write to)"
      })
  void mistakeIsNamed(String arguments, String message) {
    assertThatThrownBy(() -> KeyVaultArguments.read(List.of(arguments.split(" ", -1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void optionsAreTaken() throws Exception {
    String line =
        "--delete-delay 300ms --recover-delay 1s --purge-delay 2m --token-lifetime 90s --quota 7"
            + " --rights access-policies --port 0 --folder "
            + folder;
    try (KeyVaultProgram program =
        KeyVaultProgram.start(KeyVaultArguments.read(List.of(line.split(" ", -1))))) {
      assertThat(program.server().uri().getPort()).isPositive();
      assertThat(folder.resolve("azure.env")).exists();
    }
    assertThat(folder.resolve("azure.env")).doesNotExist();
  }
}
