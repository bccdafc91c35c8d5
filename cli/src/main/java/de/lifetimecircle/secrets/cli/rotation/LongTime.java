package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.UnexpectedArgument;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** Converts a time such as {@code 90s}, {@code 5m}, {@code 2h} or {@code 1d}. Stateless. */
public final class LongTime implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,5}[smhd]");

  @Override
  public Duration convert(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new UnexpectedArgument("a time such as 90s, 5m, 2h or 1d");
    }
    return Duration.parse((text.endsWith("d") ? "P" : "PT") + text); // as in ISO 8601
  }
}
