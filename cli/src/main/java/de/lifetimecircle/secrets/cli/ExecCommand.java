package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program that finds secrets in its environment. */
@Command(
    name = "exec",
    description = {
      "Run a program with secrets in its environment, never in its arguments.",
      "Signals and the exit code are passed on; 126 and 127 when it cannot be started."
    },
    sortOptions = false)
final class ExecCommand implements Callable<Integer> {
  private final Session session;

  ExecCommand(Session session) {
    this.session = session;
  }

  @Option(
      names = "--secret",
      paramLabel = "NAME[=ENVVAR]",
      description = {
        "Set ENVVAR to the value of NAME; can be given several times.",
        "Default: the last segment of NAME, upper case, other characters as '_'."
      })
  List<String> secrets = new ArrayList<>();

  @Option(
      names = "--all",
      paramLabel = "PREFIX",
      description = "Set a variable for each secret whose name begins with PREFIX.")
  @Nullable String all;

  @Parameters(
      paramLabel = "PROGRAM ARGS",
      arity = "1..*",
      description = "The program and its arguments, after '--'.")
  List<String> program = new ArrayList<>();

  @Override
  public Integer call() {
    if (secrets.isEmpty() && all == null) {
      throw CommandFailure.usage("Cannot run a program without secrets: give --secret or --all.");
    }
    Map<String, String> variables;
    try (SecretProvider provider = session.openProvider()) {
      variables = values(provider, names(provider));
    }
    return new ChildProcess(session).run(program, variables);
  }

  /** The name of the secret for each variable. */
  private Map<String, String> names(SecretProvider provider) {
    Map<String, String> names = new LinkedHashMap<>();
    if (all != null) {
      for (String name : provider.list(all)) {
        add(names, name, variable(name));
      }
    }
    for (String secret : secrets) {
      int equals = secret.lastIndexOf('=');
      if (equals < 0) {
        add(names, secret, variable(secret));
      } else {
        add(names, secret.substring(0, equals), secret.substring(equals + 1));
      }
    }
    return names;
  }

  private static void add(Map<String, String> names, String name, String variable) {
    if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw CommandFailure.usage(
          "Cannot set a variable for secret '"
              + name
              + "': '"
              + variable
              + "' is no name of a variable. Name one: --secret NAME=ENVVAR.");
    }
    String earlier = names.putIfAbsent(variable, name);
    if (earlier != null && !earlier.equals(name)) {
      throw CommandFailure.usage(
          "Cannot set variable "
              + variable
              + " twice: from secrets '"
              + earlier
              + "' and '"
              + name
              + "'. Name one: --secret NAME=ENVVAR.");
    }
  }

  /** The usual name of a variable for a secret: {@code prod/db-url} is {@code DB_URL}. */
  static String variable(String name) {
    String segment = name.substring(name.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    String variable = segment.replaceAll("[^A-Z0-9]", "_");
    return variable.isEmpty() || Character.isDigit(variable.charAt(0)) ? "_" + variable : variable;
  }

  private static Map<String, String> values(SecretProvider provider, Map<String, String> names) {
    Map<String, SecretResult> results = provider.getAll(names.values());
    Map<String, String> values = new LinkedHashMap<>();
    names.forEach(
        (variable, name) -> {
          SecretResult result = results.get(name);
          if (result == null) {
            throw CommandFailure.internal("Cannot get secret '" + name + "': no answer for it.");
          }
          String value = result.orElseThrow().asString();
          if (value.indexOf('\0') >= 0) {
            throw CommandFailure.invalid(
                "Cannot set variable "
                    + variable
                    + ": the value of secret '"
                    + name
                    + "' has a NUL byte, which no variable can hold.");
          }
          values.put(variable, value);
        });
    return values;
  }
}
