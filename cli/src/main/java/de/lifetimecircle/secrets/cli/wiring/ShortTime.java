package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.cli.console.UnexpectedArgument;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** Converts a time such as {@code 500ms}, {@code 5s} or {@code 1m}. Stateless. */
final class ShortTime implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(ms|s|m)");
  private static final Duration LONGEST = Duration.ofHours(1);

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration time =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
          };
      if (time.compareTo(LONGEST) <= 0) {
        return time;
      }
    }
    throw new UnexpectedArgument("a time such as 500ms, 5s or 1m, at most 60m");
  }
}
