package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of docs/gpg-store.md that make a service start faster, as the page prints them.
 */
class ClassDataRecipeTest {
  private static final String SERVICE =
      """
      import de.lifetimecircle.secrets.SecretProvider;

      public class Service {
        public static void main(String[] args) {
          try (SecretProvider secrets = SecretProvider.open()) {
            System.out.println("version " + secrets.get("LTC_SECRET_KEY").version());
          }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void classDataHaveBouncyCastleOnceItsJarsAreUnsigned() throws Exception {
    List<String> blocks = blocks("../docs/gpg-store.md", "## Start a service faster");
    assertThat(blocks).hasSize(2);
    String start = blocks.get(0);
    makeService();

    assertThat(run(start)).contains("version 1");
    assertThat(fromClassData(start, "de.lifetimecircle.")).isGreaterThan(100);
    assertThat(fromClassData(start, "org.bouncycastle.")).isZero();

    run(blocks.get(1));
    assertThat(run(start)).contains("version 1");
    assertThat(fromClassData(start, "org.bouncycastle.")).isGreaterThan(200);
  }

  /** How many classes the last line of the page loads from the class data. */
  private long fromClassData(String start, String name) throws Exception {
    String last = start.strip().substring(start.strip().lastIndexOf('\n') + 1);
    return run(last.replaceFirst("^java ", "java -Xlog:class+load "))
        .lines()
        .filter(line -> line.contains(name) && line.contains("source: shared objects file"))
        .count();
  }

  private static List<String> blocks(String page, String heading) throws IOException {
    String text = Files.readString(Path.of(page));
    String section = text.substring(text.indexOf(heading) + heading.length());
    return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
        .matcher(section.substring(0, section.indexOf("\n## ")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** A folder with jars only, as a service is deployed, and a store with the secret. */
  private void makeService() throws Exception {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    List<String> jars = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(part);
      if (path.endsWith("target/classes") && !part.contains("testkit")) {
        jar("part" + jars.size(), path);
        jars.add(part);
      } else if (path.getFileName().toString().matches("(bc(pg|prov|util)|secrets-api)-.*[.]jar")) {
        Files.copy(path, lib.resolve(path.getFileName()));
        jars.add(part);
      }
    }
    assertThat(jars).hasSize(5);
    Path source = Files.writeString(folder.resolve("Service.java"), SERVICE);
    Path classes = folder.resolve("classes");
    String classPath = String.join(File.pathSeparator, jars);
    tool("javac", "-cp", classPath, "-d", classes.toString(), source.toString());
    jar("service", classes);
    try (SecretWriter writer =
        SecretProvider.builder().environment(environment()).set("timeout", "1m").buildWriter()) {
      writer.put("LTC_SECRET_KEY", SecretValue.of("made-up"));
    }
  }

  private void jar(String name, Path classes) {
    String file = folder.resolve("lib").resolve(name + ".jar").toString();
    tool("jar", "--create", "--file", file, "-C", classes.toString(), ".");
  }

  /** In this process, where only the commands of the page need one of their own. */
  private static void tool(String name, String... arguments) {
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed);
    int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
    assertThat(code).as(printed.toString()).isZero();
  }

  private Map<String, String> environment() {
    return Map.of(
        "HOME",
        folder.toString(),
        "SECRETS_TIMEOUT",
        "1m",
        "PATH",
        Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
  }

  private String run(String commands) throws Exception {
    ProcessBuilder bash = new ProcessBuilder("bash", "-ec", commands);
    bash.directory(folder.toFile()).redirectErrorStream(true);
    bash.environment().clear();
    bash.environment().putAll(environment());
    Process process = bash.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
