package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Each form is read back by the programs that it is written for. */
class ValueExportTest {
  private static final List<String> ODD =
      List.of(
          "plain",
          "",
          "two words",
          " at both ends ",
          "it's",
          "say \"so\"",
          "both ' and \"",
          "$HOME",
          "$(id) `id` !!",
          "a\\nb",
          "back\\slash",
          "\\' and \\\"",
          "\\$x",
          "ends\\",
          "hash#tag",
          " # no comment",
          "a = b; c & d | e > f",
          "*?[a-z]{b,c}~",
          "tab\tbell\u0007",
          "Größe 🔑 \u2028 \u00a0",
          "export X=1");
  private static final List<String> OF_SEVERAL_LINES =
      List.of(
          "one\ntwo\n",
          "\n\n'\n\"\n",
          "cr\r\nlf\r",
          "quoted \"\r\n' and \\ back",
          "-----BEGIN KEY-----\nMIIB+/=\n-----END KEY-----\n");

  @TempDir Path folder;

  private static List<String> all() {
    List<String> all = new ArrayList<>(ODD);
    all.addAll(OF_SEVERAL_LINES);
    // Seeded, so that a failure comes again.
    SplittableRandom random = new SplittableRandom(7);
    String signs = "ab '\"\\$`#\n\r{}=%é";
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      all.add(text.toString());
    }
    return all;
  }

  private Path file(ExportFormat format, List<VariableValue> values) throws IOException {
    return Files.write(folder.resolve(format.word()), ValueExport.text(format, values));
  }

  private static String run(String... line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(line[0]).isZero();
    return out;
  }

  /** What a reader printed: a line for each variable with its bytes in hex. */
  private static Map<String, String> fromHex(String printed) {
    Map<String, String> read = new LinkedHashMap<>();
    for (String line : printed.lines().toList()) {
      String[] parts = line.split(" ", -1);
      read.put(parts[0], new String(HexFormat.of().parseHex(parts[1]), StandardCharsets.UTF_8));
    }
    return read;
  }

  private static Map<String, String> expected(List<VariableValue> values) {
    return EnvironmentVariables.of(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "sh"})
  void aShellReadsItsForm(String shell) throws IOException, InterruptedException {
    List<VariableValue> values = Wired.values(all());
    String file = file(ExportFormat.SHELL, values).toString();
    String printed = run(shell, "-c", ". \"$1\"; env -0", shell, file);
    Map<String, String> read = new LinkedHashMap<>();
    for (String variable : printed.split("\0", -1)) {
      if (variable.matches("(?s)V\\d+=.*")) {
        String[] parts = variable.split("=", 2);
        read.put(parts[0], parts[1]);
      }
    }
    assertThat(read).containsExactlyInAnyOrderEntriesOf(expected(values));
  }

  @Test
  void pythonReadsJson() throws IOException, InterruptedException {
    List<VariableValue> values = Wired.values(all());
    String script =
        "import json,sys\n"
            + "for k,v in json.load(open(sys.argv[1],encoding='utf-8')).items():"
            + " print(k,v.encode().hex())";
    String printed = run("python3", "-c", script, file(ExportFormat.JSON, values).toString());
    assertThat(fromHex(printed)).isEqualTo(expected(values));
  }

  @Test
  void pythonDotenvReadsItsForm() throws IOException, InterruptedException {
    List<VariableValue> values = new ArrayList<>();
    int refused = 0;
    for (VariableValue value : Wired.values(all())) {
      try {
        ValueExport.text(ExportFormat.DOTENV, List.of(value));
        values.add(value);
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(SecretException.Kind.INVALID_VALUE);
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 60);
    Path python =
        LocalServer.find("dotenv/bin/python")
            .orElseThrow(() -> new IllegalStateException("dotenv is not installed. Run ./verify"));
    String script =
        "import dotenv,sys\n"
            + "for k,v in dotenv.dotenv_values(sys.argv[1]).items(): print(k,v.encode().hex())";
    String file = file(ExportFormat.DOTENV, values).toString();
    assertThat(fromHex(run(python.toString(), "-c", script, file))).isEqualTo(expected(values));
  }

  @Test
  void dotenvUsesWhatAllReadersAgreeOnWhereItCan() {
    List<VariableValue> values = Wired.values(List.of("a$b #c\nd", "it's", "x y"));
    assertThat(new String(ValueExport.text(ExportFormat.DOTENV, values), StandardCharsets.UTF_8))
        .isEqualTo("V0='a$b #c\nd'\nV1=\"it's\"\nV2='x y'\n");
  }

  /** As the documentation of {@code docker run --env-file} says; there need not be a Docker. */
  @Test
  void dockersFormIsTakenAsItIs() throws IOException {
    List<VariableValue> values = Wired.values(ODD);
    Map<String, String> read = new LinkedHashMap<>();
    for (String line : Files.readString(file(ExportFormat.DOCKER_ENV, values)).split("\n", -1)) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        int equals = line.indexOf('=');
        read.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    assertThat(read).isEqualTo(expected(values));
  }

  @Test
  void aReaderOfYamlFindsTheBytesOfAKubernetesSecret() {
    List<VariableValue> values = new ArrayList<>(Wired.values(all()));
    values.add(Wired.value("BYTES", new byte[] {0, (byte) 0xff, 10}));
    byte[] text = KubernetesSecret.text("1e3", "prod", values);
    Map<?, ?> manifest =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(new String(text, StandardCharsets.UTF_8));
    assertThat(manifest.get("metadata")).isEqualTo(Map.of("name", "1e3", "namespace", "prod"));
    Map<?, ?> data = (Map<?, ?>) manifest.get("data");
    assertThat(data).hasSize(values.size());
    for (VariableValue value : values) {
      String encoded = (String) data.get(value.variable());
      assertThat(java.util.Base64.getDecoder().decode(encoded)).isEqualTo(value.value().asBytes());
    }
  }

  /** PyYAML reads YAML 1.1, where ON, y and the like are no texts; parliament brings it along. */
  @Test
  void aReaderOfOlderYamlFindsTheNamesOfAKubernetesSecret()
      throws IOException, InterruptedException {
    List<String> names = List.of("ON", "no", "y", "Null", "_1e3", "PLAIN");
    List<VariableValue> values = names.stream().map(name -> Wired.value(name, name)).toList();
    Path file = folder.resolve("kubernetes");
    Files.write(file, KubernetesSecret.text("on", "1", values));
    Path python =
        LocalServer.find("parliament/bin/python")
            .orElseThrow(
                () -> new IllegalStateException("parliament is not installed. Run ./verify"));
    String script =
        """
        import base64,sys,yaml
        m=yaml.safe_load(open(sys.argv[1],encoding='utf-8'))
        print(*m['metadata'].values())
        for k,v in m['data'].items(): print(k,base64.b64decode(v).decode())
        """;
    assertThat(run(python.toString(), "-c", script, file.toString()).lines())
        .containsExactly("on 1", "ON ON", "no no", "y y", "Null Null", "_1e3 _1e3", "PLAIN PLAIN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Prod_1", "a..b", "-a", "a-", ".a", "a.-b"})
  void refusesANameThatKubernetesWould(String name) {
    assertThatThrownBy(() -> KubernetesSecret.text(name, "", List.of()))
        .hasMessageContaining("does not accept its name");
    assertThatThrownBy(() -> KubernetesSecret.text("x", name, List.of()))
        .hasMessageContaining("does not accept its namespace");
  }

  @Test
  void refusesWhatKubernetesWould() {
    assertThat(KubernetesSecret.text("team.a", "a".repeat(63), List.of())).isNotEmpty();
    assertThat(KubernetesSecret.text("abc.".repeat(63) + "d", "", List.of())).isNotEmpty();
    assertThatThrownBy(() -> KubernetesSecret.text("abc.".repeat(63) + "de", "", List.of()))
        .hasMessageContaining("does not accept its name");
    for (String namespace : List.of("team.a", "a".repeat(64))) {
      assertThatThrownBy(() -> KubernetesSecret.text("x", namespace, List.of()))
          .hasMessageContaining("does not accept its namespace");
    }
    byte[] half = new byte[600_000];
    List<VariableValue> values = List.of(Wired.value("A", half), Wired.value("B", half));
    assertThatThrownBy(() -> KubernetesSecret.text("x", "", values))
        .hasMessageContaining("more than 1 MiB");
  }

  @ParameterizedTest
  @CsvSource({"DOTENV", "SHELL", "JSON", "DOCKER_ENV"})
  void refusesByNameWhatNoTextHolds(ExportFormat format) {
    for (byte[] bytes : List.of(new byte[] {(byte) 0xfe, 'c'}, new byte[] {'c', 0})) {
      assertThatThrownBy(() -> ValueExport.text(format, List.of(Wired.value("X", bytes))))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("'prod/X': its value");
    }
  }

  @Test
  void refusesByNameWhatOneFormCannotHold() {
    assertThatThrownBy(
            () -> ValueExport.text(ExportFormat.DOCKER_ENV, Wired.values(List.of("a\nb"))))
        .hasMessageContaining("'prod/V0': its value has more than one line");
    List<VariableValue> large = Wired.values(List.of("x".repeat(65_533)));
    assertThatThrownBy(() -> ValueExport.text(ExportFormat.DOCKER_ENV, large))
        .hasMessageContaining("longer than 64 KiB");
    assertThatThrownBy(() -> ValueExport.text(ExportFormat.DOTENV, Wired.values(List.of("a${b}"))))
        .hasMessageContaining("which readers take for a variable");
    assertThatThrownBy(() -> ValueExport.text(ExportFormat.DOTENV, Wired.values(List.of("a b\\"))))
        .hasMessageContaining("ends with a backslash");
  }
}
