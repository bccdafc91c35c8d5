package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hooks that we ship: a check call changes nothing, and notices what is missing. */
class ShippedHooksTest {
  @TempDir Path folder;

  /** What the tools were asked, in their order. */
  private Path calls;

  @BeforeEach
  void begin() throws IOException {
    calls = folder.resolve("calls");
    ExampleHooks.write(folder.resolve("hooks"));
    tool("aws", "echo ACTIVE");
    tool("psql", "true");
    tool("secrets", "echo x");
  }

  /** A tool that notes its call and then does something. */
  private void tool(String name, String script) throws IOException {
    Path file = folder.resolve("bin/" + name);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "#!/bin/sh\necho " + name + " \"$@\" >> " + calls + "\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private int run(String check, String input, String... line) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(line)).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("EMERGENCY_NAME", "prod/KEY");
    builder.environment().put("EMERGENCY_SECRET", "KEY");
    builder.environment().remove(HookProgram.CHECK);
    if (!check.isEmpty()) {
      builder.environment().put(HookProgram.CHECK, check);
    }
    Path given = Files.writeString(folder.resolve("input"), input);
    Process process =
        builder
            .redirectInput(given.toFile())
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<String> calls() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  @Test
  void eachSaysThatItAnswers() {
    for (String hook : List.of("postgresql", "ecs-deploy", "end-sessions")) {
      assertThat(HookProgram.in(folder, List.of("./hooks/" + hook)).answersChecks())
          .as(hook)
          .isTrue();
    }
  }

  @Test
  void ecsDeployOnlyLooksAtTheService() throws Exception {
    assertThat(run("1", "", "./hooks/ecs-deploy", "prod", "api")).isZero();
    assertThat(calls()).singleElement().asString().startsWith("aws ecs describe-services ");
    assertThat(run("", "", "./hooks/ecs-deploy", "prod", "api")).isZero();
    assertThat(calls()).anyMatch(call -> call.startsWith("aws ecs update-service "));
    tool("aws", "echo None");
    assertThat(run("1", "", "./hooks/ecs-deploy", "prod", "api")).isOne();
    assertThat(folder.resolve("said")).content().contains("'None' (expected: ACTIVE)");
    assertThat(run("1", "", "./hooks/ecs-deploy", "prod")).isEqualTo(2);
  }

  @Test
  void endSessionsOnlyReadsTheTable() throws Exception {
    assertThat(run("1", "", "./hooks/end-sessions")).isZero();
    assertThat(calls()).anyMatch(call -> call.contains("SELECT 1 FROM sessions"));
    assertThat(calls()).noneMatch(call -> call.contains("DELETE"));
    tool("psql", "exit 2");
    assertThat(run("1", "", "./hooks/end-sessions")).isEqualTo(2);
    tool("psql", "true");
    assertThat(run("", "", "./hooks/end-sessions")).isZero();
    assertThat(calls()).anyMatch(call -> call.contains("DELETE FROM sessions"));
  }

  /** It gets names only, so it cannot ask the server. */
  @Test
  void postgresqlOnlyLooksWhetherPsqlWorks() throws Exception {
    String apply = "{\"form\":1,\"check\":true,\"step\":\"apply\",\"secret\":\"PW\"}\n";
    assertThat(run("1", apply, "./hooks/postgresql")).isZero();
    assertThat(calls()).containsExactly("psql --version");
    assertThat(run("1", apply.replace("apply", "deploy"), "./hooks/postgresql")).isOne();
    tool("psql", "exit 1");
    assertThat(run("1", apply, "./hooks/postgresql")).isOne();
    assertThat(folder.resolve("said")).content().contains("psql does not work here");
  }
}
