package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import java.util.function.Function;

/**
 * Names the commands that the program accepts for an unfinished rotation in its present state, so
 * that no message advises one that is refused. Stateless.
 */
final class NextCommands {
  /** Whether the backend serves the new value, which a crash can leave out of the journal. */
  enum NewValue {
    /** It is not served, or the backend was not asked: the journal decides. */
    AS_RECORDED,
    /** It is served, whatever the journal says. */
    SERVED;

    /** Asks the backend; blocks for it. */
    static NewValue of(RotationJournal journal, PendingStore place) {
      VersionChange change = journal.changes().get(0);
      return !change.pending().isEmpty() && place.isServed(change) ? SERVED : AS_RECORDED;
    }
  }

  private NextCommands() {}

  /**
   * Returns a sentence with the commands, without a full stop.
   *
   * @param command returns the whole command for a way
   */
  static String of(
      RotationJournal journal, NewValue value, Function<RotateAction, String> command) {
    String resume = command.apply(RotateAction.RESUME);
    if (journal.direction() == RotationJournal.Direction.BACK) {
      return "Finish the rollback with " + resume;
    }
    if (Rotations.waits(journal)) {
      return "Wait until the old value is retired, retire it now with "
          + command.apply(RotateAction.RETIRE)
          + ", or bring it back with "
          + command.apply(RotateAction.ROLLBACK);
    }
    if (!journal.promoted()) {
      return value == NewValue.SERVED
          ? "Resume it with " + resume
          : "Resume it with "
              + resume
              + ", or abandon it with "
              + command.apply(RotateAction.ABANDON);
    }
    return journal.isDone(RotationStep.RENDER)
        ? "Resume it with "
            + resume
            + ", or bring the old value back with "
            + command.apply(RotateAction.ROLLBACK)
        : "Resume it with " + resume;
  }

  /** Rejects what was asked for in the present state of a rotation. */
  static SecretException refusal(RotationJournal journal, String why, String advice) {
    return SecretException.of(SecretException.Kind.CONFLICT, "do that with the rotation of secret")
        .name(journal.stored())
        .reason(why)
        .advice(advice)
        .build();
  }
}
