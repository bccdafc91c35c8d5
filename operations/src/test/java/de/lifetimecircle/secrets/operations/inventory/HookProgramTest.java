package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at a program finds, without running it. */
class HookProgramTest {
  @TempDir Path folder;

  private void file(String name, String text, String rights) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private HookProgram program(String... line) {
    return new HookProgram(folder, List.of(line), folder.resolve("bin") + "::/usr/bin:/bin");
  }

  private String problem(String... line) {
    return program(line).problem().orElse("");
  }

  @Test
  void findsProgramsAsTheSystemDoes() throws IOException {
    file("hooks/ok", "#!/bin/sh\n", "rwx------");
    file("bin/on-path", "no script", "rwx------");
    file("bin/not-run", "#!/bin/sh\n", "rw-------");
    assertThat(problem("./hooks/ok")).isEmpty();
    assertThat(problem("hooks/ok", "argument")).isEmpty();
    assertThat(problem(folder.resolve("hooks/ok").toString())).isEmpty();
    assertThat(problem("sh", "-c", "true")).isEmpty();
    assertThat(problem("on-path")).isEmpty();
    assertThat(problem("not-run")).contains("on the PATH");
    assertThat(problem("hook-that-nobody-has")).contains("on the PATH");
    assertThat(problem("./hooks/gone")).isEqualTo("there is no such file");
    assertThat(problem("./hooks")).isEqualTo("it is a folder");
  }

  @Test
  void namesWhatStopsAScript() throws IOException {
    file("plain", "#!/bin/sh\n", "rw-------");
    file("windows", "#!/bin/sh\r\nexit 0\r\n", "rwx------");
    file("lost", "#!/no/such/interpreter -x\n", "rwx------");
    file("env-lost", "#!/usr/bin/env hook-that-nobody-has\n", "rwx------");
    file("env-found", "#!/usr/bin/env sh\n", "rwx------");
    assertThat(problem("./plain"))
        .isEqualTo("it is not executable; 'chmod +x " + folder.resolve("plain") + "' makes it");
    assertThat(problem("./windows")).contains("as on Windows");
    assertThat(problem("./lost")).endsWith("/no/such/interpreter");
    assertThat(problem("./env-lost")).endsWith("hook-that-nobody-has");
    assertThat(problem("./env-found")).isEmpty();
    assertThat(problem("sh", "./gone.sh")).endsWith("./gone.sh");
    assertThat(problem("sh", "./plain")).isEmpty();
    // Another program may write to the file that its argument names.
    assertThat(problem("cp", "./gone.sh")).isEmpty();
  }

  @Test
  void onlyTheProgramItselfSaysThatItAnswersChecks() throws IOException {
    file("answers", "#!/bin/sh\n[ -z \"${HOOK_CHECK:-}\" ] || exit 0\n", "rwx------");
    file("works", "#!/bin/sh\nrm -rf everything\n", "rwx------");
    assertThat(program("./answers").answersChecks()).isTrue();
    assertThat(program("sh", "./answers").answersChecks()).isTrue();
    assertThat(program("sh", "-e", "./works", "./answers").answersChecks()).isFalse();
    assertThat(program("./works").answersChecks()).isFalse();
    // It would run the script without the variable.
    assertThat(program("env", "-i", "./answers").answersChecks()).isFalse();
    assertThat(program("./works", HookProgram.CHECK).answersChecks()).isFalse();
    assertThat(program("sh", "-c", "HOOK_CHECK").answersChecks()).isFalse();
    assertThat(program("./gone").answersChecks()).isFalse();
  }
}
