package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.wiring.ChangeTiming;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that follow changes. */
final class WatchOptions {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m)");
  private static final Duration LONGEST = Duration.ofHours(1);

  @Option(
      names = "--debounce",
      paramLabel = "TIME",
      description =
          "Wait until no other change came for this time, such as 500ms or 5s. Default: 2s; at most"
              + " five times as long.")
  @Nullable String debounce;

  ChangeTiming timing() {
    return debounce == null
        ? ChangeTiming.USUAL
        : ChangeTiming.quiet(duration(debounce, "--debounce"));
  }

  static Duration duration(String text, String option) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
          };
      if (duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    }
    throw CommandFailure.usage(
        "Cannot use " + option + " (expected: a time such as 500ms, 5s or 1m, at most 60m).");
  }
}
