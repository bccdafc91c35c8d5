package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Fills the fields that picocli's annotations make the options of a command. Stateless. */
public final class CommandOptions {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,6})?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private CommandOptions() {}

  /**
   * Reads arguments into the fields of a command and returns it. The last value of an option with a
   * single value counts.
   *
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  public static <T> T read(T command, List<String> args) {
    CommandLine line =
        new CommandLine(command)
            .setOverwrittenOptionsAllowed(true)
            .setExpandAtFiles(false)
            .registerConverter(
                int.class,
                text -> Integer.parseInt(matching(WHOLE, text, "a whole number").group()))
            .registerConverter(
                BigDecimal.class,
                text -> new BigDecimal(matching(NUMBER, text, "a number").group()))
            .registerConverter(Duration.class, CommandOptions::time);
    try {
      line.parseArgs(args.toArray(String[]::new));
      return command;
    } catch (UnmatchedArgumentException e) {
      throw new IllegalArgumentException("Unknown argument: " + e.getUnmatched().get(0), e);
    } catch (MissingParameterException e) {
      throw new IllegalArgumentException(
          name(e.getMissing().get(0)) + ": nothing (expected: a value)", e);
    } catch (ParameterException e) {
      boolean isFlag = e.getArgSpec().arity().max() == 0;
      String expected = isFlag || e.getCause() == null ? "no value" : e.getCause().getMessage();
      throw new IllegalArgumentException(
          name(e.getArgSpec()) + ": " + e.getValue() + " (expected: " + expected + ")", e);
    }
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static Duration time(String text) {
    Matcher parts = matching(TIME, text, "a time such as 30s, 5m or 1h");
    return Duration.of(
        Long.parseLong(parts.group(1)), Objects.requireNonNull(UNITS.get(parts.group(2))));
  }

  private static Matcher matching(Pattern form, String text, String expected) {
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(expected);
    }
    return matcher;
  }
}
