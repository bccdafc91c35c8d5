package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateCommandTest extends CommandTest {
  @TempDir Path folder;

  private String file(String template) throws IOException {
    return Files.writeString(folder.resolve("t"), template).toString();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a {{ X }} b, `a it's \"5%\" b`",
        "{{X}}{{ X }}, `it's \"5%\"it's \"5%\"`",
        "{{ X | json }}, `\"it's \\\"5%\\\"\"`",
        "{{ X | yaml }}, `\"it's \\\"5%\\\"\"`",
        "{{ X|shell }}, `'it'\\''s \"5%\"'`",
        "{{ X | url }}, it%27s%20%225%25%22",
        "{{ X | base64 }}, aXQncyAiNSUi",
        "{{! a comment with X }}x, x",
        "{{ \"{{\" }} X }}, {{ X }}",
        "{ X } }} {a}, { X } }} {a}",
        "{{ J#user }}:{{ J#port }}, u:5432",
      })
  void fillsTheGaps(String template, String expected) throws IOException {
    store.holding("X", "it's \"5%\"").holding("J", "{\"user\":\"u\",\"port\":5432}");
    assertThat(succeed("template", file(template))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n{{ X",
        "a\n{{ }}",
        "a\n{{ X Y }}",
        "a\n{{ X | }}",
        "a\n{{ X | josn }}",
        "a\n{{ X | json | url }}",
        "a\n{{ X# }}",
        "a\n{{ #x }}",
        "a\n{{ \"x }}",
        "a\n{{ if X }}",
        "a\n{{ {{ X }} }}",
      })
  void rejectsEveryOtherFormWithItsLine(String template) throws IOException {
    store.holding("X", CANARY);
    assertThat(fail(ExitCode.INVALID, "template", file(template)))
        .contains("Cannot use the template: line 2: ")
        .doesNotContain(CANARY);
    assertThat(store.calls()).isZero();
  }

  @Test
  void neverFillsAGapWithNothing() throws IOException {
    store.holding("X", CANARY).holding("EMPTY", "").holding("J", "{\"user\":\"\"}");
    Path target = folder.resolve("target");
    for (String gap : new String[] {"{{ NONE }}", "{{ EMPTY }}", "{{ J#user }}", "{{ J#none }}"}) {
      ExitCode code = gap.contains("NONE") ? ExitCode.NOT_FOUND : ExitCode.INVALID;
      assertThat(fail(code, "template", file("{{ X }}" + gap), "--to", "" + target))
          .contains("secret '" + gap.replaceAll("[^A-Z]", "") + "'")
          .doesNotContain(CANARY);
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void writesTheTargetForItsOwnerAndKeepsItsAccess() throws IOException {
    store.holding("X", CANARY);
    Path target = folder.resolve("target");
    assertThat(succeed("template", file("{{ X }}"), "--to", "" + target)).contains("Wrote");
    assertThat(target).hasContent(CANARY);
    assertThat(mode(target)).isEqualTo("rw-------");
    assertThat(succeed("template", file("{{ X }}"), "--to", "" + target)).contains("is up to date");
    succeed("template", file("{{ X }}"), "--to", "" + target, "--mode", "640");
    assertThat(mode(target)).isEqualTo("rw-r-----");
    succeed("template", file("new {{ X }}"), "--to", "" + target);
    assertThat(mode(target)).as("kept").isEqualTo("rw-r-----");
    fail(ExitCode.INVALID, "template", file("x {{ X }}"), "--to", "" + target, "--owner", "no-one");
    assertThat(target).hasContent("new " + CANARY);
    for (String bad : new String[] {"9", "0888", "rw-------", "04755"}) {
      fail(ExitCode.USAGE, "template", file("{{ X }}"), "--to", "" + target, "--mode", bad);
    }
    fail(ExitCode.USAGE, "template", file("{{ X }}"), "--watch");
    fail(ExitCode.USAGE, "template", file("{{ X }}"), "--run", "true");
    fail(ExitCode.USAGE, "template", file("{{ X }}"), "--to", "" + target, "--debounce", "1s");
  }

  /** As a package installs it: nobody looks at the mode when a secret moves into the file. */
  @Test
  void aTargetThatEverybodyCanReadNeedsItsModeInTheCommand() throws IOException {
    store.holding("X", CANARY);
    Path target = Files.writeString(folder.resolve("app.conf"), "as installed");
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(fail(ExitCode.INVALID, "template", file("{{ X }}"), "--to", "" + target))
        .contains("everybody on this host can read it", "--mode 0640");
    assertThat(store.calls()).as("refused before a value is read").isZero();
    assertThat(target).hasContent("as installed");
    assertThat(mode(target)).isEqualTo("rw-r--r--");
    succeed("template", file("{{ X }}"), "--to", "" + target, "--mode", "0640");
    assertThat(mode(target)).isEqualTo("rw-r-----");
    succeed("template", file("{{ X }}"), "--to", "" + target, "--mode", "0644");
    assertThat(mode(target)).as("somebody asked for it").isEqualTo("rw-r--r--");
    assertThat(target).hasContent(CANARY);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aCommandThatFailsIsRepeatedByTheNextRun() throws IOException {
    store.holding("X", CANARY);
    String target = folder.resolve("target").toString();
    String template = file("{{ X }}");
    assertThat(fail(ExitCode.INVALID, "template", template, "--to", target, "--run", "exit 3"))
        .contains("ended with code 3");
    succeed("template", template, "--to", target, "--run", "touch " + folder.resolve("ran"));
    assertThat(folder.resolve("ran")).exists();
  }

  @Test
  void obeysTheInventory() throws IOException {
    String inventory =
        Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
    store.holding("prod/LTC_SECRET_KEY", "k".repeat(64));
    assertThat(succeed("template", file("{{ LTC_SECRET_KEY }}"), "--inventory", inventory))
        .isEqualTo("k".repeat(64));
    assertThat(run("template", file("{{ LTC_SECRET }}"), "--inventory", inventory))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("'LTC_SECRET' is not in the inventory");
    store.holding("prod/LTC_SECRET_KEY", CANARY);
    assertThat(
            fail(
                ExitCode.INVALID,
                "template",
                file("{{ LTC_SECRET_KEY }}"),
                "--inventory",
                inventory))
        .contains("at least 32 bytes")
        .doesNotContain(CANARY);
  }
}
