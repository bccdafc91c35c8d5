package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.secret.OutdatedTemplates;
import de.lifetimecircle.secrets.operations.generation.GenerationResult;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints the result for each secret at once, because a later one may fail. Not thread-safe. */
final class GenerationReport {
  private final CommandSession session;
  private final SecretGeneration generation;
  private final Set<String> outdated = new LinkedHashSet<>();
  private int notMade = ExitCode.OK.code();
  private int failed = ExitCode.OK.code();

  GenerationReport(CommandSession session, SecretGeneration generation) {
    this.session = session;
    this.generation = generation;
  }

  void add(String name, GenerationResult made) {
    if (made.outcome() == GenerationResult.Outcome.MISSING) {
      notMade = ExitCode.NOT_FOUND.code();
    } else if (made.outcome() != GenerationResult.Outcome.EXISTS) {
      outdated.remove(name);
    }
    if (made.outcome() == GenerationResult.Outcome.REPLACED) {
      outdated.addAll(generation.madeOf(name));
    }
    session.output().item(text(made), Output.object(made));
  }

  /** Reports a secret that was asked for by its name, which must not exist then. */
  void addNew(String name, GenerationResult made) {
    add(name, made);
    if (made.outcome() == GenerationResult.Outcome.EXISTS) {
      notMade = notMade == ExitCode.OK.code() ? ExitCode.CONFLICT.code() : notMade;
      String words = generation.makes(name) ? "generate " + name + " --force" : "put " + name;
      session.hint("to replace '" + made.name() + "': " + generation.command(words));
    }
  }

  /** Reports a secret that failed while the others go on; the first one decides the exit code. */
  void failed(SecretException failure) {
    int code = new ErrorReport(session).report(failure);
    failed = failed == ExitCode.OK.code() ? code : failed;
  }

  private String text(GenerationResult made) {
    String version = made.version().isEmpty() ? "" : ": version " + made.version();
    return switch (made.outcome()) {
      case CREATED -> "Created '" + made.name() + "'" + version;
      case REPLACED -> "Replaced '" + made.name() + "'" + version;
      case EXISTS -> "Exists '" + made.name() + "'" + version;
      case MISSING -> "Missing '" + made.name() + "': " + advice(made.missing());
    };
  }

  private String advice(List<String> missing) {
    List<String> made = missing.stream().filter(generation::makes).toList();
    List<String> supplied = missing.stream().filter(name -> !made.contains(name)).toList();
    List<String> advice = new ArrayList<>();
    if (!supplied.isEmpty()) {
      advice.add("supply " + String.join(", ", supplied) + " with " + commands(supplied));
    }
    if (!made.isEmpty()) {
      advice.add(
          "generate "
              + String.join(", ", made)
              + " with '"
              + generation.command("generate --all")
              + "'");
    }
    return String.join("; ", advice);
  }

  private String commands(List<String> supplied) {
    return supplied.stream()
        .map(name -> "'" + generation.command("put " + name + " --trim-newline") + "'")
        .collect(Collectors.joining(", "));
  }

  /** Names the secrets that are out of date now, and returns the exit code. */
  int finish() {
    int code = failed == ExitCode.OK.code() ? notMade : failed;
    session.output().items(code);
    OutdatedTemplates.print(session, generation, outdated);
    return code;
  }
}
