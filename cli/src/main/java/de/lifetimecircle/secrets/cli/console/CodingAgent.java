package de.lifetimecircle.secrets.cli.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises a coding agent that runs this program: it sets a variable for the commands that it
 * starts. Their output becomes part of a transcript, which leaves the machine. This is advice and
 * no boundary, because an agent can clear the variable. Stateless.
 */
public final class CodingAgent {
  /** The variables that mark a coding agent, whatever their value. */
  static final List<String> MARKERS =
      List.of(
          "AI_AGENT",
          "CLAUDECODE",
          "CURSOR_AGENT",
          "CODEX_SANDBOX",
          "CODEX_THREAD_ID",
          "GEMINI_CLI",
          "COPILOT_AGENT",
          "COPILOT_CLI",
          "OPENCODE",
          "AUGMENT_AGENT",
          "QWEN_CODE");

  /** Other programs use this name too, so its value must name a coding agent. */
  static final String AMBIGUOUS_MARKER = "AGENT";

  private static final Pattern NAMES =
      Pattern.compile(
          "(?i).*(claude|codex|cursor|gemini|copilot|opencode|augment|qwen|goose|aider|devin).*|amp");

  /** More variables that mark a coding agent, separated by commas, or {@code off}. */
  static final String SETTING = "SECRETS_CODING_AGENTS";

  private CodingAgent() {}

  /** Returns the name of a variable that marks a coding agent; empty if there is none. */
  public static Optional<String> marker(Map<String, String> environment) {
    String setting = environment.getOrDefault(SETTING, "").strip();
    if (setting.equals("off")) {
      return Optional.empty();
    }
    for (String marker : (String.join(",", MARKERS) + "," + setting).split(",", -1)) {
      String name = marker.strip();
      if (!environment.getOrDefault(name, "").isEmpty()) {
        return Optional.of(name);
      }
    }
    return NAMES.matcher(environment.getOrDefault(AMBIGUOUS_MARKER, "")).matches()
        ? Optional.of(AMBIGUOUS_MARKER)
        : Optional.empty();
  }

  /**
   * Rejects a command that would put a value into the transcript of a coding agent.
   *
   * @param action the rejected action, as in "show a secret"
   * @param exec the words of 'secrets exec' that give the value to a program; only a rejection
   *     completes them, because the parser's tables for that are 440 classes
   * @throws CommandFailure if a coding agent runs this program
   */
  public static void requireNone(CommandSession session, String action, String exec) {
    marker(session.environment)
        .ifPresent(
            marker -> {
              throw CommandFailure.usage(
                  "Cannot "
                      + action
                      + " to a coding agent ("
                      + marker
                      + " is set) without --show: its transcript would keep the value. Let the"
                      + " program that needs it read it: '"
                      + session.command(exec)
                      + " -- PROGRAM'.");
            });
  }
}
