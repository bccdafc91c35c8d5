package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher finds Java, and what it does with class-data archives. */
class LauncherIT {
  @TempDir Path folder;
  private Installation installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installation.unpack(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void saysWhatIsMissingWhenThereIsNoJava() throws IOException {
    installed.environment.put("JAVA_HOME", folder.toString());
    Result result = installed.secrets("--version");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("JAVA_HOME has no bin/java").hasLineCount(1);
    installed.environment.put("JAVA_HOME", "");
    installed.environment.put("PATH", folder.toString());
    result = installed.run("/bin/sh", installed.command(), "--version");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("no Java found").hasLineCount(1);
  }

  @Test
  void refusesAJavaThatIsTooOld() throws IOException {
    Path old = Files.createDirectories(folder.resolve("jdk/bin"));
    Path java = Files.writeString(old.resolve("java"), "#!/bin/sh\nexit 99\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");
    installed.environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    Result result = installed.secrets("--version");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Java 11.0.2").contains("17 or newer").hasLineCount(1);
  }

  @Test
  void firstRunsAtTheSameTimeMakeOneArchive() throws IOException {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(installed.start(installed.command(), "--version"));
    }
    for (Process process : all) {
      Result result = Installation.end(process);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.text()).startsWith("secrets ");
      assertThat(result.err()).isEmpty();
    }
    assertThat(files(installed.root.resolve("lib/cds")))
        .singleElement()
        .asString()
        .endsWith(".jsa")
        .doesNotContain("draft");
    assertThat(files(installed.home)).isEmpty();
  }

  @Test
  void fallsBackToTheCacheOfTheUserAndThenToNone() throws IOException {
    // Nobody, not even root, makes a folder in the place of a file.
    Files.writeString(installed.root.resolve("lib/cds"), "");
    assertThat(installed.succeed("--version")).startsWith("secrets ");
    Path cache = installed.home.resolve(".cache/secrets");
    assertThat(files(cache)).singleElement().asString().endsWith(".jsa");
    assertThat(Files.getPosixFilePermissions(cache)).hasSize(3);

    if (TrustedPath.isRoot()) { // with the variable of another user
      Path theirs = Files.createDirectory(folder.resolve("theirs"));
      Files.setAttribute(theirs, "unix:uid", 65_534);
      installed.environment.put("XDG_CACHE_HOME", theirs.toString());
      assertThat(installed.succeed("--version")).startsWith("secrets ");
      assertThat(files(theirs)).isEmpty();
    }

    installed.environment.put("XDG_CACHE_HOME", "/dev/null/cache");
    assertThat(installed.succeed("--version")).startsWith("secrets ");
    Result doctor = installed.secrets("doctor");
    assertThat(doctor.text()).contains("WARN  class-data archive: missing");
  }

  @Test
  void aDamagedArchiveIsNoFailure() throws IOException {
    installed.succeed("--version");
    Path archive = files(installed.root.resolve("lib/cds")).get(0);
    Files.delete(archive);
    Files.writeString(archive, "damaged");
    assertThat(installed.succeed("--version")).startsWith("secrets ");
  }

  @Test
  void runsThroughALinkFromAnyFolder() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(installed.command()));
    Result result = installed.run(link.toString(), "--version");
    assertThat(result.code()).as(result.err()).isZero();
    result = installed.shell("cd " + installed.root + " && ./bin/secrets --version");
    assertThat(result.code()).as(result.err()).isZero();
    result = installed.shell("cd " + installed.root + "/bin && ./secrets --version");
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static final String BACKEND =
      """
      import de.lifetimecircle.secrets.SecretValue;
      import de.lifetimecircle.secrets.spi.*;
      import java.time.Instant;
      import java.util.*;
      public final class Extra implements SecretStoreFactory {
        public String scheme() { return "extra"; }
        public List<ConfigKey> keys() { return List.of(); }
        public SecretStore open(StoreConfig config) {
          return new SecretStore() {
            public StoredSecret fetch(String name) {
              return new StoredSecret(
                  SecretValue.of("from another backend"), "1", Instant.EPOCH);
            }
            public Map<String, String> describe(String name) { return Map.of(); }
            public Map<String, String> check() { return Map.of(); }
            public Set<Capability> capabilities() { return Set.of(); }
            public void close() {}
          };
        }
      }
      """;

  /** Compiles a backend of somebody else against the installed jars. */
  private Path backendOfOthers() throws IOException {
    Path made = Files.createDirectories(folder.resolve("made/META-INF/services")).getParent();
    Path classes = made.getParent();
    Files.writeString(
        made.resolve("services/de.lifetimecircle.secrets.spi.SecretStoreFactory"), "Extra\n");
    Path source = Files.writeString(folder.resolve("Extra.java"), BACKEND);
    String bin = System.getProperty("java.home") + "/bin/";
    Result compiled =
        installed.run(
            bin + "javac",
            "-cp",
            installed.root.resolve("lib") + "/*",
            "-d",
            classes.toString(),
            source.toString());
    assertThat(compiled.code()).as(compiled.err()).isZero();
    Path jar = folder.resolve("extra.jar");
    Result packed = installed.run(bin + "jar", "cf", jar.toString(), "-C", classes.toString(), ".");
    assertThat(packed.code()).as(packed.err()).isZero();
    return jar;
  }

  @Test
  void aBackendOfOthersIsFoundInTheFolderOrByTheVariable() throws IOException {
    Path jar = backendOfOthers();
    installed.environment.put("SECRETS_BACKEND", "extra");
    assertThat(installed.secrets("get", "NAME").err()).contains("extra");
    installed.environment.put("SECRETS_CLASSPATH", jar.toString());
    assertThat(installed.succeed("get", "NAME")).isEqualTo("from another backend");
    installed.environment.put("SECRETS_CLASSPATH", "");
    Path extensions = Files.createDirectories(installed.root.resolve("extensions"));
    Files.copy(jar, extensions.resolve("extra.jar"));
    assertThat(installed.succeed("get", "NAME")).isEqualTo("from another backend");
    installed.environment.put("SECRETS_MAX_MEMORY", "64m");
    assertThat(installed.succeed("get", "NAME")).isEqualTo("from another backend");
  }
}
