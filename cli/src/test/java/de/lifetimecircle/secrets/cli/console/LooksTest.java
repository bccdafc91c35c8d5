package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.Paint.Choice;
import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What eyes see of an output: colours, tables, lines, times and numbers. */
class LooksTest {
  private static final String RED = "\u001b[31m";

  private final FakeTerminal terminal = new FakeTerminal();

  private static Map<String, String> variables(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(" ")) {
      variables.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
    }
    return variables;
  }

  @ParameterizedTest
  @CsvSource({
    // choice, a terminal, environment, coloured, the mark
    "AUTO, true, LANG=de_DE.UTF-8, true, ✗",
    "AUTO, true, LC_ALL=C LANG=de_DE.UTF-8, true, [ ]",
    "AUTO, true, '', true, [ ]",
    "AUTO, false, LANG=C.utf8, false, [ ]",
    "AUTO, true, NO_COLOR=1 LANG=C.utf8, false, ✗",
    "AUTO, true, NO_COLOR= LANG=C.utf8, true, ✗",
    "AUTO, true, TERM=dumb LANG=C.utf8, false, [ ]",
    "ALWAYS, false, NO_COLOR=1 LANG=C.utf8, true, ✗",
    "NEVER, true, LANG=C.utf8, false, [ ]",
  })
  void coloursAreForATerminal(
      Choice choice, boolean seen, String environment, boolean coloured, String mark) {
    terminal.outputIsTerminal = seen;
    Paint paint = Paint.of(choice, terminal, variables(environment));
    assertThat(paint.word(Tone.BAD, "FAIL")).isEqualTo(coloured ? RED + "FAIL\u001b[0m" : "FAIL");
    assertThat(paint.mark(Tone.BAD, "[ ]")).contains(mark);
  }

  @Test
  void aTableFitsEightyColumnsAndLosesNothing() {
    String arn =
        "arn:aws:sts::123456789012:assumed-role/lifetimecircle-service/i-0123456789abcdef0";
    TextTable table = new TextTable("STATE", "SECRET", "WHEN", "BY");
    table.row(Tone.BAD, "DUE", "production/LTC_DATABASE_REPLICA_PASSWORD", "2026-03-01 10:00", arn);
    table.note(
        "stopped after step promote on 2026-03-01 by a person with a long name, twice, at night");
    table.row(Tone.GOOD, "LATER", "prod/A", "2026-03-01 10:00", "anna");
    String plain = String.join("\n", table.lines(Paint.NONE));
    assertThat(plain.lines()).allMatch(line -> line.length() <= 80);
    assertThat(plain.replaceAll("\\s", ""))
        .contains("2026-03-0110:00")
        .contains("stoppedafterstep")
        .contains("LATERprod/A");
    StringBuilder last = new StringBuilder();
    int column = plain.indexOf("BY");
    plain
        .lines()
        .skip(1)
        .limit(6)
        .filter(line -> line.length() > column)
        .forEach(line -> last.append(line.substring(column).strip()));
    assertThat(last.toString()).startsWith(arn);
    terminal.outputIsTerminal = true;
    assertThat(String.join("\n", table.lines(Paint.of(Choice.AUTO, terminal, Map.of()))))
        .contains(RED + "DUE\u001b[0m  ")
        .satisfies(text -> assertThat(text.replaceAll("\u001b\\[[0-9]*m", "")).isEqualTo(plain));
  }

  @Test
  void aTableShowsNoControlCharacterOfOthers() {
    TextTable table = new TextTable("A").row(Tone.PLAIN, "\u001b[31mred\u202e\nx").note("\u0007y");
    assertThat(String.join("|", table.lines(Paint.NONE)))
        .isEqualTo("A|?[31mred? x|" + " ".repeat(13) + "?y");
  }

  @Test
  void aSentenceBreaksBetweenWordsAndNeverInACommand() {
    String command =
        "'secrets rotate due --inventory /srv/a/long/folder/secrets.yaml --environment prod'";
    String text = "no one claims that the team's timer runs them; " + command + " writes one";
    assertThat(LineBreaks.sentence(text, 40))
        .containsExactly(
            "no one claims that the team's timer runs", "them;", command, "writes one");
    assertThat(String.join(" ", LineBreaks.sentence("it's 'open and", 4)))
        .isEqualTo("it's 'open and");
  }

  @Test
  void aPersonSeesLocalTimesToTheMinute() {
    LocalTimes times = LocalTimes.of(Map.of("TZ", "America/New_York"));
    assertThat(times.text(Instant.parse("2026-03-01T03:30:59.5Z"))).isEqualTo("2026-02-28 22:30");
    assertThat(times.within("retired after 2026-07-01T00:00:00Z, and 2026-13-01T00:00:00Z"))
        .isEqualTo("retired after 2026-06-30 20:00, and 2026-13-01T00:00:00Z");
    assertThat(times.within("on 2026-01-02T10:00:00+01:00")).isEqualTo("on 2026-01-02 04:00");
    assertThat(LocalTimes.of(Map.of("TZ", "no such zone")).zone())
        .isEqualTo(LocalTimes.of(Map.of()).zone());
  }

  @Test
  void numbersHaveTheRightNoun() {
    assertThat(Counted.of(1, "secret")).isEqualTo("1 secret");
    assertThat(Counted.of(0, "secret")).isEqualTo("0 secrets");
    assertThat(Counted.of(12_345, "entry", "entries")).isEqualTo("12,345 entries");
  }
}
