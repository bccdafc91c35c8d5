package de.lifetimecircle.secrets.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.testkit.FakeStep;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      secrets:
        KEY: {description: Signs tokens}
        HOST: {description: host, environments: [prod]}
      """;

  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void prepare() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    environment.put("HOME", folder.toString());
  }

  /** Every call of the store would fail this test. */
  @Test
  void namesComeFromFilesAndNeverFromABackend() throws IOException {
    store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThat(succeed("complete", "names", "get", "--inventory", inventory).lines())
        .containsExactly(
            "HOST\thost",
            "KEY\tSigns tokens",
            "prod/HOST\thost",
            "prod/KEY\tSigns tokens",
            "test/KEY\tSigns tokens");
    String[] test = {"complete", "names", "--environment", "test", "--inventory", inventory};
    assertThat(succeed(test)).isEqualTo("KEY\tSigns tokens\ntest/KEY\tSigns tokens\n");
    assertThat(succeed("complete", "environments", "--inventory", inventory))
        .isEqualTo("prod\tnames begin with prod/\ntest\tnames begin with test/\n");
    Path data = folder.resolve(".local/share/lifetimecircle-secrets/store");
    Files.createDirectories(data.resolve("prod"));
    Files.createFile(data.resolve("prod/KEY.gpg"));
    Files.createFile(data.resolve("prod/a$(b).gpg"));
    assertThat(succeed("complete", "names", "--backend", "gpg")).contains("prod/KEY\n");
    assertThat(terminal.outText()).doesNotContain("$");
    assertThat(succeed("complete", "names", "--inventory", folder.resolve("none").toString()))
        .isEmpty();
    assertThat(succeed("complete")).isEmpty();
    assertThat(store.calls()).isZero();
  }

  @Test
  void aListIsRememberedWithoutValues() throws IOException {
    store.holding("a/KEY", CANARY).holding("b/$(touch x)", CANARY);
    String listed = succeed("list");
    assertThat(listed).contains("a/KEY");
    Path cache = folder.resolve(".cache/secrets/names-fake");
    assertThat(cache).content().isEqualTo("a/KEY\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rw-------");
    int before = store.calls();
    assertThat(succeed("complete", "names", "get")).contains("a/KEY\n");
    assertThat(store.calls()).isEqualTo(before);
    assertThat(succeed("list", "a/")).isEqualTo("a/KEY\n");
    environment.put("HOME", "/proc/nothing/here");
    assertThat(succeed("list")).isEqualTo(listed);
  }

  private List<String> bash(String... words) throws IOException, InterruptedException {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add("'" + word + "'");
    }
    String line =
        succeed("completion", "bash")
            + "secrets() { [ \"$2\" = names ] && printf 'prod/KEY\\tSigns\\nprod/HOST\\n';"
            + " [ \"$2\" = environments ] && printf 'prod\\ntest\\n'; }\n"
            + "COMP_WORDS=(secrets "
            + String.join(" ", quoted)
            + "); COMP_CWORD="
            + words.length
            + "; _secrets; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    Process shell = new ProcessBuilder("bash", "--norc", "-u").redirectErrorStream(true).start();
    try (OutputStream in = shell.getOutputStream()) {
      in.write(line.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
    return said.lines().filter(each -> !each.isEmpty()).toList();
  }

  @Test
  void bashCompletesWhereverTheCursorIs() throws IOException, InterruptedException {
    assertThat(bash("ge")).containsExactlyInAnyOrder("get", "generate");
    assertThat(bash("get", "prod/")).containsExactly("prod/KEY", "prod/HOST");
    assertThat(bash("get", "--stage", "p")).containsExactly("previous", "pending");
    assertThat(bash("--backend", "fake", "get", "--sta")).containsExactly("--stage");
    assertThat(bash("list", "--environment", "t")).containsExactly("test");
    assertThat(bash("rotate", "r")).containsExactlyInAnyOrder("resume", "rollback", "retire");
    assertThat(bash("help", "e"))
        .containsExactlyInAnyOrder("edit", "emergency", "every-day", "exec", "export");
    assertThat(bash("help", "op")).containsExactly("operations");
    assertThat(bash("rotate", "resume", "prod/K")).containsExactly("prod/KEY");
    assertThat(bash("run", "--file", "prod/H")).containsExactly("prod/HOST");
    assertThat(bash("put", "X", "--file", "s")).isEmpty(); // files, which bash itself offers
    assertThat(bash("import", "--format", "")).containsExactly("dotenv", "json", "yaml", "csv");
    assertThat(bash("--backend", "f")).containsExactly("fake");
    assertThat(bash("exec", "--for", "service", "--", "ge")).isEmpty();
  }

  @Test
  void scriptsKnowEveryCommandAndAreInstalledOnce() throws IOException {
    for (String shell : List.of("bash", "zsh", "fish")) {
      assertThat(succeed("completion", shell))
          .contains("rename", "whoami", "decide", "emergency", "rollback")
          .doesNotContain("warm-up");
      environment.put("SHELL", "/usr/bin/" + shell);
      assertThat(succeed("completion", "install")).startsWith("Wrote " + folder);
      assertThat(succeed("completion", "install", shell)).startsWith("Wrote ");
    }
    assertThat(folder.resolve(".local/share/zsh/site-functions/_secrets")).exists();
    Path fish = folder.resolve(".config/fish/completions/secrets.fish");
    Files.writeString(fish, "complete -c secrets -a mine\n");
    assertThat(fail(ExitCode.INVALID, "completion", "install", "fish")).contains("another program");
    environment.put("SHELL", "/bin/tcsh");
    fail(ExitCode.USAGE, "completion", "install");
    fail(ExitCode.USAGE, "completion", "bash", "zsh");
  }
}
