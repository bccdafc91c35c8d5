package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.cli.CommandTable;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingCommandsTest extends CommandTest {
  @TempDir Path folder;

  /** Another home, or a read-only one, has another store: none. That is no empty list. */
  @ParameterizedTest
  @ValueSource(strings = {"other", "unset", "r-xr-xr-x", "/proc"}) // in /proc not even root writes
  void aStoreThatIsNotThereIsNoEmptyList(String home) throws IOException {
    environment.put("SECRETS_BACKEND", "gpg");
    Path there = home.startsWith("/") ? Path.of(home) : Files.createDirectory(folder.resolve(home));
    String before = System.getProperty("user.home");
    if (home.equals("unset")) {
      System.setProperty("user.home", there.toString());
    } else {
      environment.put("HOME", there.toString());
    }
    if (home.startsWith("r-x")) {
      Files.setPosixFilePermissions(there, PosixFilePermissions.fromString(home));
    }
    try {
      String place = there + "/.local/share/lifetimecircle-secrets/store";
      for (String prefix : List.of("", "x", "x/")) {
        assertThat(fail(ExitCode.NOT_FOUND, "list", prefix))
            .contains("there is no store in " + place + " yet", "'secrets doctor'");
        assertThat(run("list", "--json", prefix)).isEqualTo(ExitCode.NOT_FOUND.code());
        assertThat(terminal.errText()).contains("\"kind\":\"not-found\"", place);
      }
    } finally {
      System.setProperty("user.home", before);
    }
  }

  @Test
  void anEmptyStoreIsAnEmptyList() {
    assertThat(succeed("list")).isEmpty();
    assertThat(succeed("list", "some/prefix")).isEmpty();
  }

  @Test
  void listsNames() {
    store.holding("db/b", "1").holding("db/a", "2").holding("x", "3");
    assertThat(succeed("list")).isEqualTo("db/a\ndb/b\nx\n");
    assertThat(succeed("list", "db/")).isEqualTo("db/a\ndb/b\n");
    assertThat(succeed("list", "--json", "none")).isEqualTo(printed("list", "[]"));
  }

  @Test
  void listsVersionsNewestFirst() {
    Instant now = Instant.parse("2026-03-01T10:00:00Z");
    store.clock(() -> now).holding("X", "one").holding("X", "two");
    environment.put("TZ", "Europe/Berlin");
    assertThat(succeed("versions", "X"))
        .isEqualTo(
            """
            VERSION  CREATED           STAGES
            v2       2026-03-01 11:00  current
            v1       2026-03-01 11:00  previous
            """);
    assertThat(succeed("versions", "X", "--json"))
        .contains(
            "[{\"version\":\"v2\",\"created\":\"2026-03-01T10:00:00Z\",\"stages\":[\"current\"]},");
  }

  @Test
  void describesWithoutTheValue() {
    store.holding("X", CANARY);
    assertThat(succeed("describe", "X")).contains("location: memory").doesNotContain(CANARY);
    assertThat(succeed("describe", "X", "--json")).contains("\"version\":\"v1\"");
  }

  /** The table of exit codes, kind by kind, as a caller sees it. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKindEndsWithItsCode(Kind kind) {
    store.holding("X", CANARY).always(FakeStore.Op.FETCH, "X", FakeStep.fail(kind));
    int expected =
        switch (kind) {
          case NOT_FOUND, VERSION_NOT_FOUND -> 3;
          case ACCESS_DENIED, UNAUTHENTICATED -> 4;
          case BAD_NAME, INVALID_VALUE, TOO_LARGE, CONFIGURATION, UNSUPPORTED -> 5;
          case TIMEOUT, THROTTLED, UNAVAILABLE -> 6;
          case CONFLICT, PENDING_DELETION, DISABLED -> 7;
          case CORRUPT -> 8;
          case INTERRUPTED, CLOSED, INTERNAL -> 1;
        };
    assertThat(run("get", "X")).isEqualTo(expected);
    assertThat(ExitCode.of(kind).code()).isEqualTo(expected);
    assertThat(terminal.errText()).startsWith("secrets: Cannot ").hasLineCount(1);
    assertThat(run("get", "X", "--json")).isEqualTo(expected);
    assertThat(terminal.errText())
        .startsWith("{\"command\":\"get\",\"exitCode\":" + expected + ",\"error\":{\"kind\":\"")
        .hasLineCount(1);
  }

  @Test
  void aDefectShowsItsStackOnDemandOnly() {
    store.always(
        FakeStore.Op.CHECK, "", FakeStep.broken(new IllegalStateException("holds " + CANARY)));
    assertThat(run("init")).isEqualTo(1);
    assertThat(terminal.errText()).hasLineCount(1).doesNotContain(CANARY);
    assertThat(run("init", "--debug")).isEqualTo(1);
    assertThat(terminal.errText()).contains("\tat de.lifetimecircle.secrets");
  }

  @Test
  void aMistakeOnTheCommandLineIsSaidOfTheOption() {
    environment.put("SECRETS_CONFIG", folder.resolve("of-the-environment").toString());
    assertThat(run("list", "--config", "no-such-file", "--set", "soft-aeg=7m")).isNotZero();
    assertThat(terminal.errText())
        .contains("--config: no-such-file (expected: a file that exists)")
        .contains("soft-aeg: unknown key in --set; did you mean 'soft-age'?")
        .doesNotContain("of-the-environment");
  }

  @Test
  void doctorSaysWhatIsConfiguredAndFromWhere() throws IOException {
    environment.put("SECRETS_FAKE_TOKEN", CANARY);
    Path file = Files.writeString(folder.resolve("s.properties"), "fake.region=north\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    String[] line = {"doctor", "--config", file.toString(), "--set", "soft-age=7m"};
    String text = succeed(line);
    assertThat(text)
        .contains("OK    java: " + Runtime.version())
        .contains("OK    backend: fake (from environment SECRETS_BACKEND)")
        .contains("OK    soft-age: 7m (from --set)")
        .contains("OK    fake.region: north (from file " + file + ", line 1)")
        .contains("OK    fake.token: redacted (from environment SECRETS_FAKE_TOKEN)")
        .contains(
            "WARN  configuration file: other users can change "
                + file
                + ". Run: chmod go-w "
                + file)
        .contains("OK    location: memory")
        .contains("WARN  overrides: on (from ")
        .doesNotContain("(from default)\nOK")
        .doesNotContain(CANARY);
    assertThat(text.lines().toList().get(0)).startsWith("WARN");
    assertThat(text.lines().takeWhile(each -> each.startsWith("WARN")).count())
        .isEqualTo(text.lines().filter(each -> each.startsWith("WARN")).count());
    String summary = text.lines().reduce((first, second) -> second).orElseThrow();
    assertThat(summary).matches("0 failures, 3 warnings; \\d\\d settings have their default: .*");
    String[] all = java.util.Arrays.copyOf(line, line.length + 1);
    all[line.length] = "--all";
    int hidden = Integer.parseInt(summary.replaceAll(".*; (\\d+) settings.*", "$1"));
    assertThat(succeed(all))
        .endsWith("0 failures, 3 warnings.\n")
        .hasLineCount((int) text.lines().count() + hidden);
  }

  @Test
  void doctorEndsWithTheCodeOfWhatFails() {
    store.always(FakeStore.Op.CHECK, "", FakeStep.fail(Kind.UNAUTHENTICATED));
    assertThat(run("doctor")).isEqualTo(4);
    assertThat(terminal.outText()).contains("FAIL  backend: Cannot ");
    assertThat(run("doctor", "--json", "--backend", "nonsense")).isEqualTo(5);
    assertThat(terminal.outText())
        .startsWith("{\"command\":\"doctor\",\"exitCode\":5,")
        .contains("{\"status\":\"fail\",\"what\":\"configuration\"");
  }

  @Test
  void initSaysWhereTheStoreIsAndWhatComesNext() throws IOException {
    Path file = folder.resolve("secrets.properties");
    environment.put("SECRETS_FAKE_TOKEN", CANARY);
    String text = succeed("init", "--write-config", file.toString());
    assertThat(text)
        .contains("location:")
        .contains("Next:")
        .contains("  secrets generate LTC_SECRET_KEY --type hex --bytes 32");
    assertThat(Files.readString(file)).contains("backend=fake\n").doesNotContain(CANARY);
    environment.clear();
    assertThat(succeed("list", "--config", file.toString())).isEmpty();
    assertThat(fail(ExitCode.INVALID, "init", "--backend", "fake", "--write-config", "" + file))
        .contains("already exists");
  }

  @Test
  void printsCompletionOfEveryCommand() {
    String script = succeed("completion", "bash");
    assertThat(CommandTable.names())
        .filteredOn(n -> !n.equals("warm-up"))
        .allMatch(script::contains);
    assertThat(script).contains("--if-version").doesNotContain("warm-up");
    assertThat(succeed("completion", "zsh")).startsWith("#compdef secrets");
    fail(ExitCode.USAGE, "completion", "tcsh");
  }
}
