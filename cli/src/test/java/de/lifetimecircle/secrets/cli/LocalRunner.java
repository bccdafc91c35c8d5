package de.lifetimecircle.secrets.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Runs the scripts of a workflow as a runner of GitHub Actions does, in a folder of its own. Steps
 * that use an action are left out: what they bring, the caller puts into the environment.
 */
final class LocalRunner {
  private static final List<String> FILES =
      List.of("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ vars\\.([A-Z_]+) \\}\\}");

  final Path workspace;
  RunnerLog log = new RunnerLog();

  /** The variables and secrets in the settings of the repository. */
  final Map<String, String> vars = new LinkedHashMap<>();

  /** Set in every step, over what the workflow says: where the servers of a test are. */
  final Map<String, String> environment = new LinkedHashMap<>();

  /** All that the steps of a run have written to the runner's files. */
  final StringBuilder written = new StringBuilder();

  private final Path temp;

  LocalRunner(Path folder) throws IOException {
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    this.temp = Files.createDirectories(folder.resolve("temp"));
  }

  /**
   * Runs the steps of these names, or all, until one fails; the name of that one, or nothing. The
   * log begins again.
   */
  String run(String workflow, String... names) throws IOException, InterruptedException {
    log = new RunnerLog();
    written.setLength(0);
    Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(workflow);
    Map<?, ?> job = (Map<?, ?>) ((Map<?, ?>) root.get("jobs")).get("deploy");
    for (Object each : (List<?>) job.get("steps")) {
      Map<?, ?> step = (Map<?, ?>) each;
      String name = String.valueOf(step.get("name"));
      boolean asked = names.length == 0 || List.of(names).contains(name);
      if (asked && step.get("run") != null && runStep(step) != 0) {
        return name;
      }
    }
    return "";
  }

  private int runStep(Map<?, ?> step) throws IOException, InterruptedException {
    Path script = Files.writeString(temp.resolve("step.sh"), String.valueOf(step.get("run")));
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString())
            .directory(workspace.toFile());
    Map<String, String> variables = builder.environment();
    String path = variables.get("PATH");
    variables.clear();
    variables.put("PATH", path);
    variables.put("HOME", workspace.toString());
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("CI", "true");
    variables.put("GITHUB_ACTIONS", "true");
    variables.put("RUNNER_TEMP", temp.toString());
    for (String file : FILES) {
      variables.put(file, Files.writeString(temp.resolve(file), "").toString());
    }
    if (step.get("env") instanceof Map<?, ?> own) {
      own.forEach((name, value) -> variables.put(String.valueOf(name), filledIn(value)));
    }
    variables.putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    log.follow(process);
    for (String file : FILES) {
      written.append(Files.readString(temp.resolve(file)));
    }
    return process.waitFor();
  }

  private String filledIn(Object value) {
    Matcher matcher = EXPRESSION.matcher(String.valueOf(value));
    return matcher.replaceAll(
        found -> Matcher.quoteReplacement(vars.getOrDefault(found.group(1), "")));
  }

  /** Files that a step has left in the runner's folder besides the command itself. */
  Path temp() {
    return temp;
  }
}
