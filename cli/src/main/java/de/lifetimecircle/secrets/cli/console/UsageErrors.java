package de.lifetimecircle.secrets.cli.console;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line without repeating any of it: an argument too many may be a
 * secret. The parser's own text, which repeats it, is never used.
 */
public final class UsageErrors implements IParameterExceptionHandler {
  private final ErrorReport errors;

  /** Creates a handler that prints through this report. */
  public UsageErrors(ErrorReport errors) {
    this.errors = errors;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    return errors.report(CommandFailure.usage(text(failure)));
  }

  private static String text(ParameterException failure) {
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
          ? "an argument is missing."
          : String.join(", ", missing) + " missing.";
    }
    ArgSpec arg = failure.getArgSpec();
    if (arg == null) {
      return "its arguments do not fit.";
    }
    if (failure instanceof OverwrittenOptionException) {
      return label(arg) + " is given twice.";
    }
    return "the argument of " + label(arg) + " does not fit or is missing.";
  }

  private static String unmatched(UnmatchedArgumentException failure, CommandLine command) {
    String name = command.getCommandName();
    String nearest = nearest(failure);
    if (name.equals("put") || name.equals("set")) {
      return "an argument too many or an unknown option."
          + nearest
          + " A value is never taken from an argument, which all users of a machine can see: give"
          + " it on standard input"
          + (name.equals("put") ? ", with --file" : "")
          + " or at the prompt."
          + " If that was a secret, it is in the history of your shell: remove it and rotate.";
    }
    if (name.equals("secrets")) {
      return "no such command or option." + nearest;
    }
    return (failure.isUnknownOption() ? "unknown option." : "an argument too many.") + nearest;
  }

  /** Only names of commands and options, which this program knows by itself. */
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
