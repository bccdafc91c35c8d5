package de.lifetimecircle.secrets.cli.console;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps early typing off the screen and out of the answer. The launcher switches the terminal's
 * echo off before the JVM starts, because the JVM needs a while; this class switches it on again.
 * The JDK changes only the echo of a terminal, so {@code stty} does the rest. Thread-safe.
 */
public final class HiddenTyping {
  /** The settings of the terminal before the launcher changed them and after that. */
  private static final @Nullable String VISIBLE = System.getProperty("launcher.stty.visible");

  private static final @Nullable String HIDDEN = System.getProperty("launcher.stty.hidden");

  /**
   * If the settings are no longer ours, a shell has taken the terminal, because this program was
   * stopped: then they stay. A process of the background would be stopped by SIGTTOU.
   */
  private static final String SHOW = "trap '' TTOU; [ \"$(stty -g)\" != \"$1\" ] || stty \"$2\"";

  /** Outside of its canonical mode a terminal gives what was typed at once, also half of a line. */
  private static final String DROP =
      "before=$(stty -g) || exit; trap 'stty \"$before\"' EXIT; trap 'exit 130' INT TERM HUP;"
          + " stty -echo -icanon min 0 time 0; while read -r typed; do :; done";

  private HiddenTyping() {}

  /** Lets the terminal show again what is typed, when this JVM ends; blocks the end for that. */
  public static void endAtExit() {
    if (HIDDEN != null) {
      Runtime.getRuntime().addShutdownHook(new Thread(HiddenTyping::end, "secrets-echo"));
    }
  }

  /** Lets the terminal show again what is typed, if the launcher has hidden it; blocks. */
  static void end() {
    if (HIDDEN != null && VISIBLE != null) {
      shell(SHOW, HIDDEN, VISIBLE);
    }
  }

  /** Drops what was typed so far; blocks. */
  static void drop() {
    shell(DROP);
  }

  private static void shell(String script, String... arguments) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      int unused = builder.start().waitFor();
    } catch (IOException e) {
      return; // without a shell there was no launcher, so the terminal is unchanged
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
