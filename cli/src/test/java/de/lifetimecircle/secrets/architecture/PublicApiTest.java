package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The difference that the build shows where a public signature and its text are not the same. */
class PublicApiTest {
  @TempDir Path folder;

  private static void run(String tool, Object... words) {
    String[] line = Stream.of(words).map(String::valueOf).toArray(String[]::new);
    ToolProvider program = ToolProvider.findFirst(tool).orElseThrow();
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    assertThat(program.run(out, out, line)).as(said.toString()).isZero();
  }

  /** The members of a class are its own, whatever another class has. */
  @Test
  void aMemberThatAnotherClassHasTooIsMissed() throws IOException, InterruptedException {
    Path source = folder.resolve("Many.java");
    Files.writeString(
        source,
        """
        package p; public class Many { protected Many() {}
        public static class One { protected One() {} public void close() {} }
        public static class Two<T extends Number> { protected Two() {} } }
        """);
    Path classes = folder.resolve("classes");
    run("javac", "-d", classes, source);
    Path jar = folder.resolve("many.jar");
    run("jar", "--create", "--file", jar, "-C", classes, ".");
    Path text = folder.resolve("many.txt");
    Files.writeString(
        text,
        """
        public class p.Many
          protected p.Many();
        public class p.Many$One
          protected p.Many$One();
          public void close();
        public class p.Many$Two<T extends java.lang.Number>
          protected p.Many$Two();
          public void close();
        """);
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("../packaging/PublicApi.java").toString(),
                "check",
                jar.toString(),
                text.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isEqualTo(1);
    assertThat(said).startsWith("- p.Many$Two: public void close();\nThe public signatures of ");
  }
}
