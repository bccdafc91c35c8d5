package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.emergency.EmergencyOutcome;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.rotation.HookRunner;
import java.util.List;
import java.util.Map;

/**
 * Leads the output of a command with the emergencies that are not finished, and decides its exit
 * code. Stateless.
 */
public final class EmergencyNotice {
  private EmergencyNotice() {}

  /** Writes a sentence for each; nothing with {@code --json}, which has {@link #documents}. */
  public static void print(Output output, List<OpenEmergency> open) {
    if (!open.isEmpty() && !output.json()) {
      open.forEach(
          each -> output.sentence(Paint.Tone.BAD, "", each.title() + ": " + each.detail()));
      output.line("");
    }
  }

  /** Returns the same as objects of JSON. */
  public static List<Object> documents(List<OpenEmergency> open) {
    return open.stream().<Object>map(EmergencyNotice::document).toList();
  }

  /** Returns one of them as an object of JSON. */
  public static Map<String, Object> document(OpenEmergency each) {
    return Output.object(
        "name", each.name(),
        "kind", each.kind().word(),
        "outcome", each.outcome().word(),
        "by", each.by(),
        "detail", each.detail(),
        "command", each.command());
  }

  /**
   * Returns the exit code: an open emergency is graver than all other findings. In a hook, the one
   * that is running does not count: it may be the one that runs the hook, and must not fail by it.
   */
  public static ExitCode code(CommandSession session, List<OpenEmergency> open, ExitCode found) {
    boolean inHook = session.environment.containsKey(HookRunner.MARK);
    return open.stream().allMatch(each -> inHook && each.outcome() == EmergencyOutcome.RUNNING)
        ? found
        : ExitCode.EMERGENCY;
  }
}
