package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.operations.wiring.ReactionDelay;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that follow changes. */
final class WatchOptions {
  @Option(
      names = "--debounce",
      paramLabel = "TIME",
      converter = ShortTime.class,
      description =
          "Wait until no other change came for this time, such as 500ms or 5s. Default: 2s; at most"
              + " five times as long.")
  @Nullable Duration debounce;

  ReactionDelay timing() {
    return debounce == null ? ReactionDelay.USUAL : ReactionDelay.quiet(debounce);
  }
}
