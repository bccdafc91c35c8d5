package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.generation.GenerationResult;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells what became of each secret, at once, since a later one may fail. Used by one thread. */
final class GenerationReport {
  private final CommandSession session;
  private final SecretGeneration generation;
  private final List<Object> documents = new ArrayList<>();
  private final Set<String> outdated = new LinkedHashSet<>();
  private int missing = ExitCode.OK.code();
  private int failed = ExitCode.OK.code();

  GenerationReport(CommandSession session, SecretGeneration generation) {
    this.session = session;
    this.generation = generation;
  }

  void add(String name, GenerationResult made) {
    if (made.outcome() == GenerationResult.Outcome.MISSING) {
      missing = ExitCode.NOT_FOUND.code();
    } else if (made.outcome() != GenerationResult.Outcome.EXISTS) {
      outdated.remove(name);
    }
    if (made.outcome() == GenerationResult.Outcome.REPLACED) {
      outdated.addAll(generation.madeOf(name));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", made.name());
    document.put("outcome", made.outcome().name().toLowerCase(Locale.ROOT));
    document.put("version", made.version());
    document.put("missing", made.missing());
    documents.add(document);
    if (!session.json) {
      session.output().line(text(made));
      session.output().finish();
    }
  }

  /** One of them cannot be made, and the others are; the first such decides the exit code. */
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
    List<String> brought = missing.stream().filter(name -> !made.contains(name)).toList();
    List<String> advice = new ArrayList<>();
    if (!brought.isEmpty()) {
      advice.add("bring " + String.join(", ", brought) + " with 'secrets set NAME --from-stdin'");
    }
    if (!made.isEmpty()) {
      advice.add("make " + String.join(", ", made) + " with 'secrets generate --all'");
    }
    return String.join("; ", advice);
  }

  /** Says what is out of date now; the exit code. */
  int finish() {
    if (session.json) {
      session.output().document(documents);
    }
    if (!outdated.isEmpty()) {
      session.hint(
          "to make anew what is made of it: secrets generate "
              + String.join(" ", outdated)
              + " --from-inventory --force");
    }
    return failed == ExitCode.OK.code() ? missing : failed;
  }
}
