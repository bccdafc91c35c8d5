package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A run of {@link DialProgram} in a process of its own, whose environment has no variable of AWS
 * but those that the test sets. Used by one thread.
 */
final class AwsChildProcess {
  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final List<String> settings = new ArrayList<>();

  AwsChildProcess(Path folder) {
    this.folder = folder;
  }

  AwsChildProcess environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  AwsChildProcess property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  AwsChildProcess setting(String key, String value) {
    settings.add(key + "=" + value);
    return this;
  }

  /** Adds what is written as {@code env:NAME=VALUE}, {@code -DNAME=VALUE} or {@code KEY=VALUE}. */
  AwsChildProcess with(String text) {
    String assignment = text.startsWith("env:") ? text.substring(4) : text;
    int at = assignment.indexOf('=');
    if (text.startsWith("env:")) {
      return environment(assignment.substring(0, at), assignment.substring(at + 1));
    }
    if (text.startsWith("-D")) {
      return property(assignment.substring(2, at), assignment.substring(at + 1));
    }
    return setting(assignment.substring(0, at), assignment.substring(at + 1));
  }

  /** The same without a process: quick, and with nothing around it that the SDK could find. */
  String runHere() {
    properties.forEach(System::setProperty);
    try {
      Map<String, String> variables = new HashMap<>(environment);
      variables.put("HOME", folder.toString());
      return DialProgram.run(settings, name -> Optional.ofNullable(variables.get(name)));
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }

  /** Runs it to its end; what it printed to both streams. */
  String run() throws IOException, InterruptedException {
    Path log = folder.resolve("output");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    // Half the processor time of a program that soon ends.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), DialProgram.class.getName()));
    command.addAll(settings);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      String output = Files.readString(log, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
