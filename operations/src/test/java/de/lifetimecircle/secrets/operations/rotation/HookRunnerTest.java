package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.rotation.HookResult.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hook gets, and what happens when it fails, hangs, or prints what it got. */
class HookRunnerTest {
  private static final String VALUE = "c4n4ry/Zq8+vT2w=X&c4n4ry";

  /** Waits for what the test's watch writes, so that a slow machine sees its line all the same. */
  private static final String UNTIL_SEEN =
      "echo 1 of 3 tasks; printf half; until [ -e seen ]; do sleep 0.1; done";

  @TempDir Path folder;

  private HookResult run(Duration limit, String... program) {
    try (SecretValue value = SecretValue.of(VALUE)) {
      return new HookRunner(folder, limit)
          .run(
              List.of(program),
              Map.of("ROTATION_STEP", "test"),
              VALUE + "\n",
              List.of(value),
              HookWatch.NONE);
    }
  }

  private HookResult sh(String script) {
    return run(Duration.ofSeconds(60), "sh", "-c", script);
  }

  @Test
  void getsTheValueOnStandardInputAndTheNamesInItsEnvironment() throws IOException {
    HookResult result = sh("cat > got; env > seen; tr '\\0' ' ' < /proc/$$/cmdline > line; pwd");
    assertThat(result.ending()).isEqualTo(Ending.DONE);
    assertThat(folder.resolve("got")).hasContent(VALUE);
    assertThat(Files.readString(folder.resolve("seen")))
        .contains("ROTATION_STEP=test")
        .doesNotContain(VALUE);
    assertThat(Files.readString(folder.resolve("line"))).doesNotContain(VALUE);
    assertThat(result.output().strip()).isEqualTo(folder.toRealPath().toString());
  }

  /** It captures values with {@code secrets get} in pipes that no coding agent reads. */
  @Test
  void itIsNoCodingAgentWhoeverStartedTheRotation() {
    HookResult result = sh("env | grep '^SECRETS_CODING_AGENTS='");
    assertThat(result.output()).isEqualTo("SECRETS_CODING_AGENTS=off\n");
    assertThat(result.ending()).isEqualTo(Ending.DONE);
  }

  @Test
  void noShellReadsItsArguments() {
    HookResult result = run(Duration.ofSeconds(60), "echo", "$HOME", "*", ";", "false");
    assertThat(result.output()).isEqualTo("$HOME * ; false\n");
  }

  @Test
  void itsEndIsTold() {
    assertThat(sh("cat >/dev/null; echo no route; exit 7").words())
        .isEqualTo("the hook ended with 7; it said: no route");
    assertThat(sh("exit 0").ending()).isEqualTo(Ending.DONE); // it did not read its input
    assertThat(run(Duration.ofSeconds(60), "./no-such-hook").words()).contains("no such program");
    assertThat(sh("head -c 2000000 /dev/zero").ending()).isEqualTo(Ending.TOO_LOUD);
    assertThat(sh("printf '\\033[31mred'").output()).isEqualTo("?[31mred");
    assertThat(sh("printf '\\302\\23331mred\\342\\200\\256'").output()).isEqualTo("?31mred?");
  }

  private void write(String name) {
    try {
      Files.writeString(folder.resolve(name), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A person who waits sees that it works; a value stays hidden in that, in any encoding. */
  @Test
  void aRunningHookShowsItsLastLineWithoutValues() {
    List<String> seen = new ArrayList<>();
    String pem = "-----BEGIN KEY-----\nMIIBVAIBADANBgkqhkiG9w0B\n-----END KEY-----";
    try (SecretValue value = SecretValue.of(VALUE);
        SecretValue lines = SecretValue.of(pem)) {
      HookResult result =
          new HookRunner(folder, Duration.ofSeconds(60))
              .run(
                  List.of("sh", "-c", UNTIL_SEEN),
                  Map.of("ROTATION_STEP", "deploy"),
                  "",
                  List.of(value, lines),
                  (hook, took, limit, said) -> {
                    seen.add(hook + " " + limit + " " + said);
                    if (!said.isEmpty()) {
                      write("seen");
                    }
                  });
      assertThat(result.ending()).isEqualTo(Ending.DONE);
      assertThat(seen).last().isEqualTo("deploy PT1M 1 of 3 tasks");
      for (String shown :
          List.of(
              VALUE,
              "password=" + VALUE + "&x",
              Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)),
              HexFormat.of().formatHex(VALUE.getBytes(StandardCharsets.UTF_8)),
              "MIIBVAIBADANBgkqhkiG9w0B")) {
        byte[] output = ("begin\n" + shown + "\n").getBytes(StandardCharsets.UTF_8);
        assertThat(HookRunner.lastLine(output, List.of(value, lines)))
            .isNotEqualTo("begin")
            .doesNotContain("c4n4ry", shown, shown.substring(3, 20));
      }
      String blanks = HexFormat.ofDelimiter(" ").formatHex(VALUE.getBytes(StandardCharsets.UTF_8));
      for (String shown : List.of(blanks + "\n", blanks.replace(' ', '\n') + "\nend\n", blanks)) {
        byte[] output = ("begin\n" + shown).getBytes(StandardCharsets.UTF_8);
        assertThat(HookRunner.lastLine(output, List.of(value, lines))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "'half',''",
    "'a\n',a",
    "'a\nb\n\n',b",
    "'\u001b[2Jx\n',?[2Jx",
    "'\u009b2Jx\u202e\n',?2Jx?"
  })
  void theLastLineIsWhole(String output, String line) {
    String text = output.replace("\\n", "\n").replace("\\r", "\r");
    assertThat(HookRunner.lastLine(text.getBytes(StandardCharsets.UTF_8), List.of()))
        .isEqualTo(line);
  }

  /** The process that the script names in a file, by a limit that is long enough for that. */
  private long childAfterATimeout(String script) throws IOException {
    Path child = folder.resolve("child");
    Duration limit = Duration.ofMillis(500);
    while (!Files.exists(child) || Files.size(child) == 0) {
      assertThat(run(limit, "sh", "-c", script).ending()).isEqualTo(Ending.TIMED_OUT);
      limit = limit.multipliedBy(4);
    }
    return Long.parseLong(Files.readString(child).strip());
  }

  @Test
  void whatHangsIsKilledWithAllThatItStarted() throws IOException {
    long child = childAfterATimeout("sleep 600 & echo $! > child; wait");
    // It may be gone by now.
    ProcessHandle.of(child)
        .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(20)));
  }

  /** The limit may come while a hook prints a value, so that only its beginning is there. */
  @Test
  void whatIsKilledShowsOnlyWholeLines() {
    HookResult result;
    Duration limit = Duration.ofMillis(500);
    do { // until the limit is long enough for the first line
      result = run(limit, "sh", "-c", "printf 'whole\\nc4n4ry-h'; sleep 600");
      limit = limit.multipliedBy(4);
    } while (result.output().isEmpty());
    assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
    assertThat(result.output()).isEqualTo("whole\n");
  }

  /** Its parent has ended, so it is no descendant of the hook any more. */
  @Test
  void aTimeoutKillsBackgroundProcessesWithoutAParentToo() throws IOException {
    long child = childAfterATimeout("(sleep 600 & echo $! > child); sleep 600");
    ProcessHandle.of(child)
        .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(20)));
  }

  @Test
  void whatItLeavesRunningDoesNotHoldItUp() {
    HookResult result = sh("sleep 5 & echo started");
    assertThat(result.ending()).isEqualTo(Ending.DONE);
    assertThat(result.output()).contains("started");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat",
        "cat >&2",
        "base64",
        "base64 -w 7",
        "sed s/^/x/ | base64",
        "sed s/^/xy/ | base64 -w0 | tr +/ -_",
        "od -An -v -tx1",
        "od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F",
        "sed 's|/|%2F|g; s/+/%2b/g; s/=/%3D/g; s/&/%26/g'",
        "od -An -v -tx1 | sed 's/ /%/g'",
        "sed 's/./&\\n/g'",
        "sed 's/^/password is: /'"
      })
  void whatPrintsTheValueInAnyFormFailsAndIsNotShown(String script) {
    HookResult result = sh("{ " + script + "; }; exit 0");
    assertThat(result.ending()).isEqualTo(Ending.SHOWED_VALUE);
    assertThat(result.output()).isEmpty();
    assertThat(result.words()).contains("withheld");
    assertThat(result.toString()).doesNotContain("c4n4ry");
  }

  private HookResult given(String text, String script) {
    try (SecretValue value = SecretValue.of(text)) {
      return new HookRunner(folder, Duration.ofSeconds(60))
          .run(List.of("sh", "-c", script), Map.of(), text, List.of(value), HookWatch.NONE);
    }
  }

  /** As a trace of a shell, a collector of logs or a list in YAML shows a key. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sed 's/^/key: /'",
        "sed 's/^/key: /' | head -n 2",
        "sed 's/$/ |/'",
        "sed 's/^/    /'",
        "sed 's/^/x/' | base64 -w0",
        "while read -r line; do echo \"+ $line\"; done"
      })
  void aHookThatFailsShowsNoLineOfAValueOfSeveral(String script) {
    String key = "-----BEGIN KEY-----\nMIIBVAIBADANBgkqhkiG9w0B\n-----END KEY-----\n";
    HookResult result = given(key, script + "; exit 7");
    assertThat(result.ending()).isIn(Ending.FAILED, Ending.SHOWED_VALUE);
    assertThat(result.words()).contains("withheld").doesNotContain("MIIB");
    HookResult aLine = given(key, "echo '-----BEGIN KEY-----'");
    assertThat(aLine.ending()).as("no value").isEqualTo(Ending.DONE);
  }

  @Test
  void aValueWithBlanksIsFoundHoweverTheLinesAreBroken() {
    HookResult result = given("correct horse battery staple", "tr ' ' '\\n'; exit 7");
    assertThat(result.ending()).isEqualTo(Ending.SHOWED_VALUE);
    assertThat(given("a       b", "echo a b").output()).as("too little to tell").isEqualTo("a b\n");
  }

  @Test
  void aShortValueIsNotLookedFor() {
    try (SecretValue port = SecretValue.of("5432")) {
      assertThat(OutputLeakCheck.shows("listens on 5432", List.of(port))).isFalse();
    }
    try (SecretValue binary = SecretValue.of(new byte[] {0, 1, 2, 3, 4, 5, 6, -1})) {
      assertThat(OutputLeakCheck.shows("00010203040506FF", List.of(binary))).isTrue();
      String latin = new String(new byte[] {0, 1, 2, 3, 4, 5, 6, -1}, StandardCharsets.ISO_8859_1);
      assertThat(OutputLeakCheck.shows("x" + latin, List.of(binary))).isTrue();
    }
  }

  @Test
  void theTextThatIsSearchedShowsNothingOfItself() {
    assertThat(OutputLeakCheck.Text.of("canary-of-a-hook")).asString().doesNotContain("canary");
  }
}
