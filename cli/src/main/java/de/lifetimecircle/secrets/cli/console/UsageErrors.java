package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.spi.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Explains a wrong command line without repeating any part of it, because a surplus argument may be
 * a secret that the user typed by mistake. Logs and screens outlive the terminal.
 *
 * <p>The parser's own messages repeat arguments, so this class never uses them. Its messages
 * consist only of names that this program knows itself: commands, options and labels.
 */
public record UsageErrors(CommandSession session, ErrorReport errors)
    implements IParameterExceptionHandler {
  /** The commands of other programs, with ours of the same effect. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("set", "put"),
          Map.entry("add", "put"),
          Map.entry("write", "put"),
          Map.entry("insert", "put"),
          Map.entry("update", "put"),
          Map.entry("create", "generate"),
          Map.entry("new", "generate"),
          Map.entry("show", "get"),
          Map.entry("read", "get"),
          Map.entry("view", "get"),
          Map.entry("cat", "get"),
          Map.entry("fetch", "get"),
          Map.entry("env", "exec"),
          Map.entry("inject", "exec"),
          Map.entry("with", "exec"),
          Map.entry("remove", "delete"),
          Map.entry("unset", "delete"),
          Map.entry("undo", "rollback"),
          Map.entry("revert", "rollback"),
          Map.entry("undelete", "restore"),
          Map.entry("find", "list"),
          Map.entry("search", "list"),
          Map.entry("info", "describe"),
          Map.entry("inspect", "describe"),
          Map.entry("backup", "store backup"),
          Map.entry("share", "recipients add"),
          Map.entry("login", "whoami"),
          Map.entry("man", "help"));

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    String name = failure.getCommandLine().getCommandSpec().qualifiedName();
    session.running = name.replaceFirst("^secrets ?", "");
    // The parser stops at the mistake, and a program that asked for JSON expects it here too. The
    // words behind the first argument of exec are another program's.
    if (!failure.getCommandLine().isStopAtPositional()) {
      List<String> words = Arrays.asList(args);
      int end = words.indexOf("--");
      session.json |= words.subList(0, end < 0 ? words.size() : end).contains("--json");
    }
    return errors.report(CommandFailure.usage(text(failure)));
  }

  private static String text(ParameterException failure) {
    if (failure.getCause() instanceof UnexpectedArgument e && failure.getArgSpec() != null) {
      return "Cannot use " + label(failure.getArgSpec()) + " (expected: " + e.getMessage() + ").";
    }
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    return "Cannot run '" + name + "': " + why(failure, command) + " See '" + name + " --help'.";
  }

  private static String why(ParameterException failure, CommandLine command) {
    if (failure instanceof UnmatchedArgumentException e) {
      return unmatched(e, command);
    }
    if (failure instanceof MissingParameterException e) {
      List<String> missing = new ArrayList<>();
      for (ArgSpec arg : e.getMissing()) {
        missing.add(label(arg));
      }
      return missing.isEmpty()
          ? "it needs another argument."
          : String.join(", ", missing) + " missing.";
    }
    ArgSpec arg = failure.getArgSpec();
    if (arg == null) {
      // For example mutually exclusive options: the parser does not say which.
      return "its options exclude each other, or one needs another.";
    }
    if (failure instanceof OverwrittenOptionException) {
      return label(arg) + " appears twice.";
    }
    return "the argument of " + label(arg) + " is missing or malformed.";
  }

  private static String unmatched(UnmatchedArgumentException failure, CommandLine command) {
    String name = command.getCommandName();
    String nearest = nearest(failure);
    if (name.equals("put")) {
      // The likeliest mistake here is 'put NAME VALUE', which has just exposed the value.
      return "it has an unknown option or one argument too many."
          + nearest
          + " A value is never taken from an argument, which every user of this machine can see:"
          + " supply it on standard input, with --file or at the prompt."
          + " If you typed a secret, your shell's history now has it: remove it there and rotate.";
    }
    if (name.equals("secrets")) {
      return "there is no such command or option."
          + (failure.isUnknownOption() ? nearest : nearestCommand(failure, command));
    }
    return (failure.isUnknownOption() ? "it has no such option." : "it has one argument too many.")
        + nearest;
  }

  /** Suggests one command: what hands know from other programs, or a name like the typed one. */
  private static String nearestCommand(UnmatchedArgumentException failure, CommandLine command) {
    String typed = failure.getUnmatched().isEmpty() ? "" : failure.getUnmatched().get(0);
    List<String> known =
        command.getSubcommands().entrySet().stream()
            .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList();
    return Optional.ofNullable(ELSEWHERE.get(typed.toLowerCase(Locale.ROOT)))
        .or(() -> NearestName.of(typed, known))
        .map(name -> " Did you mean '" + name + "'?")
        .orElse("");
  }

  /** Suggests at most three names; they come from this program, never from the command line. */
  private static String nearest(UnmatchedArgumentException failure) {
    List<String> suggestions = failure.getSuggestions();
    return suggestions.isEmpty()
        ? ""
        : " Did you mean "
            + String.join(" or ", suggestions.subList(0, Math.min(3, suggestions.size())))
            + "?";
  }

  private static String label(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }
}
