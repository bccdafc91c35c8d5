package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.rotation.HookWatch;
import java.time.Duration;

/**
 * Shows a person that a hook still runs. On a terminal that is one line that changes each second,
 * with the hook's time, its limit and its last line of output; elsewhere, a line from time to time
 * without the output, because a log is kept and the hook may print secrets of its own. Used by one
 * thread.
 */
public final class HookProgress implements HookWatch {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(4);

  private final CommandSession session;
  private Duration next = FIRST;
  private Duration before = Duration.ZERO;

  /** Creates the progress of all hooks of one command, which run one after the other. */
  public HookProgress(CommandSession session) {
    this.session = session;
  }

  @Override
  public void runs(String hook, Duration took, Duration limit, String said) {
    if (took.compareTo(before) < 0) {
      next = FIRST; // another hook
    }
    before = took;
    String text = "hook " + hook + ": " + time(took) + " of at most " + time(limit);
    if (session.terminal.errorIsTerminal()) {
      session.terminal.progress("secrets: " + text + last(said));
    } else if (took.compareTo(next) >= 0) {
      Duration twice = next.multipliedBy(2);
      next = twice.compareTo(next.plus(LONGEST_PAUSE)) < 0 ? twice : next.plus(LONGEST_PAUSE);
      session.hint(text);
    }
  }

  private static String last(String said) {
    return said.isEmpty() ? "" : "; it printed last: " + said;
  }

  private static String time(Duration duration) {
    return duration.compareTo(Duration.ofMinutes(2)) < 0
        ? duration.toSeconds() + " s"
        : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
  }
}
