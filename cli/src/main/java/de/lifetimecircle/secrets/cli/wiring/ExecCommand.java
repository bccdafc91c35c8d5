package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.FolderUntilExit;
import de.lifetimecircle.secrets.cli.console.ForegroundProcess;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.files.MemoryFolder;
import de.lifetimecircle.secrets.operations.wiring.EnvironmentVariables;
import de.lifetimecircle.secrets.operations.wiring.GithubLogMasks;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.operations.wiring.SignalForwarding;
import de.lifetimecircle.secrets.operations.wiring.VariableValue;
import de.lifetimecircle.secrets.operations.wiring.WatchedProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program with secrets in its environment. */
@Command(
    name = "exec",
    aliases = "run",
    description = {
      "Run a program with secrets in its environment, never in its arguments. With --file and"
          + " --stdin not even there, where other processes of the same user can read them.",
      "Forwards signals, and exits with the program's code; 126 or 127 if it cannot be started."
    },
    sortOptions = false)
public final class ExecCommand extends SessionCommand implements Callable<Integer> {
  @Mixin WiredOptions wired = new WiredOptions();

  @Option(
      names = "--file",
      paramLabel = "NAME=ENVVAR",
      description =
          "Put the value of NAME into a private file in memory, and its path into ENVVAR;"
              + " repeatable. The file is gone when the program has ended.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--stdin",
      paramLabel = "NAME",
      description = "Give the program the value of NAME on its standard input.")
  @Nullable String stdin;

  enum Runner {
    GITHUB
  }

  @Option(
      names = "--mask",
      paramLabel = "LOG",
      description =
          "Before the program starts, tell the runner which values to hide in its log: github.")
  @Nullable Runner mask;

  @Option(
      names = "--watch",
      paramLabel = "REACTION",
      description =
          "When a value changes: restart the program with the new values, send it SIGHUP (hup), or"
              + " end it (term).")
  WatchedProgram.@Nullable Reaction watch;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = ShortTime.class,
      description = "With --watch: the time between SIGTERM and SIGKILL. Default: 10s.")
  @Nullable Duration grace;

  @Mixin WatchOptions watching = new WatchOptions();

  @Parameters(
      paramLabel = "PROGRAM ARGS",
      arity = "1..*",
      description = "The program and its arguments, after '--'.")
  List<String> program = new ArrayList<>();

  @Override
  public Integer call() {
    if (files.isEmpty() && stdin == null) {
      wired.require("run a program");
    }
    requireReaderOfMasks();
    requireExactProgram();
    if (watch != null) {
      if (!files.isEmpty() || stdin != null) {
        throw CommandFailure.usage("Cannot use --watch with --file or --stdin: use one of them.");
      }
      return callWatched(watch);
    }
    if (grace != null || watching.debounce != null) {
      throw CommandFailure.usage("Cannot use --grace or --debounce: add --watch.");
    }
    try (MemoryFolder memory = files.isEmpty() ? null : FolderUntilExit.open(session.environment)) {
      return callOnce(memory);
    }
  }

  private int callOnce(@Nullable MemoryFolder memory) {
    Map<String, String> variables = new LinkedHashMap<>();
    List<VariableValue> values = new ArrayList<>();
    Map<String, byte[]> hidden = new LinkedHashMap<>();
    byte[] input = null;
    try (SecretProvider provider = session.openProvider()) {
      if (wired.given()) {
        values.addAll(wired.wiring(session, provider).read(provider, session.environment));
      }
      variables.putAll(EnvironmentVariables.ofChild(values));
      tellOverrides(values);
      for (String file : files) {
        VariableValue value = wired.one(session, provider, file);
        if (variables.containsKey(value.variable())) {
          throw CommandFailure.usage("Cannot use --file: " + value.variable() + " is named twice.");
        }
        values.add(value);
        variables.put(value.variable(), written(Objects.requireNonNull(memory), value));
      }
      if (stdin != null) {
        VariableValue value = wired.one(session, provider, stdin + "=STDIN");
        values.add(value);
        input = value.value().asBytes();
      }
      if (CodingAgent.marker(session.environment).isPresent()) {
        values.forEach(value -> hidden.put(value.name(), value.value().asBytes()));
      }
      if (mask != null) {
        print(GithubLogMasks.commands(values));
      }
    }
    byte[] fed = input;
    ForegroundProcess process =
        new ForegroundProcess(session, ForegroundProcess.output(session), hidden);
    Runnable clearing = memory == null ? () -> {} : memory::close;
    IntSupplier run = () -> process.run(program, variables, clearing, fed);
    return memory == null ? run.getAsInt() : memory.lend(run);
  }

  /** Writes a value to a file and returns its path. */
  private static String written(MemoryFolder memory, VariableValue value) {
    byte[] bytes = value.value().asBytes();
    try {
      return memory.write(value.variable(), bytes).toString();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private int callWatched(WatchedProgram.Reaction reaction) {
    if (mask != null) {
      throw CommandFailure.usage(
          "Cannot use --mask with --watch: a runner needs the mask before a value comes.");
    }
    try (SecretProvider provider = session.openWatchedProvider()) {
      ProgramWiring wiring = wired.wiring(session, provider);
      tellOverrides(wiring.read(provider, session.environment));
      OptionalInt missing = new ForegroundProcess(session).refusal(program.get(0));
      if (missing.isPresent()) {
        return missing.getAsInt();
      }
      WatchedProgram watched =
          new WatchedProgram(
              program,
              reaction,
              watching.timing(),
              grace == null ? Duration.ofSeconds(10) : grace,
              session::hint,
              ForegroundProcess.output(session));
      if (!SignalForwarding.to(watched::signal)) {
        session.hint("this JVM passes no signals on: only SIGKILL of its group ends the program.");
      }
      return watched.run(
          provider,
          // A local override stays as it is, and its secret may not exist.
          wiring.askedFor(provider, session.environment),
          () -> EnvironmentVariables.ofChild(wiring.read(provider, session.environment)));
    } catch (IOException e) {
      throw CommandFailure.io("run the program", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.internal("Cannot run the program: interrupted.");
    }
  }

  private void requireReaderOfMasks() {
    if (mask == null) {
      return;
    }
    CodingAgent.marker(session.environment)
        .ifPresent(
            marker -> {
              throw CommandFailure.usage(
                  "Cannot use --mask: a coding agent ("
                      + marker
                      + " is set) would read the values in the masks. Leave the option out: the"
                      + " values in the output are hidden.");
            });
    if (!GithubLogMasks.hasReader(session.environment) || session.terminal.outputIsTerminal()) {
      throw CommandFailure.usage(
          "Cannot use --mask: no GitHub Actions runner reads this output, so the masks would show"
              + " the values. Leave the option out.");
    }
  }

  /** Java passes arguments in the charset of the locale and replaces every other character by ?. */
  private void requireExactProgram() {
    if (!program.stream().allMatch(EnvironmentVariables::isExact)) {
      throw CommandFailure.usage(
          "Cannot run the program: its name or an argument is not UTF-8, or this locale cannot pass"
              + " it on. Pass it in UTF-8; without the launcher, run 'export LC_ALL=C.UTF-8'"
              + " first.");
    }
  }

  /** The runner reads the two streams separately, so the masks must come first in both. */
  private void print(List<String> commands) {
    for (PrintStream stream : List.of(session.terminal.out(), session.terminal.err())) {
      commands.forEach(command -> stream.print(command + "\n"));
      stream.flush();
    }
  }

  private void tellOverrides(List<VariableValue> values) {
    List<String> overridden =
        values.stream()
            .filter(value -> value.origin() == Secret.Origin.OVERRIDE)
            .map(VariableValue::variable)
            .toList();
    if (!overridden.isEmpty() && wired.reader != null) {
      session.hint("from a local override: " + String.join(", ", overridden));
    }
  }
}
