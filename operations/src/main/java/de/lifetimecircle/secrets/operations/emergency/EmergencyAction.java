package de.lifetimecircle.secrets.operations.emergency;

import java.util.List;

/**
 * The action of one step of an emergency: its line in the plan, its work, and the risks that it
 * leaves to people. Stateless: whatever the next process has to know is in the journal. {@link
 * EmergencyStep} is the table of all steps.
 */
@FunctionalInterface
interface EmergencyAction {
  /** Returns its line of the plan, and below it the risks that are known before it runs. */
  default List<String> plan(EmergencyStep step, EmergencySituation seen) {
    return List.of(seen.text("plan." + step.word()));
  }

  /**
   * Does the step. An earlier process may have ended anywhere in it, so it must be safe to repeat;
   * what may be done only once is recorded in the journal, by {@link EmergencyRun#part}.
   *
   * @return the outcome and its detail; {@code FAILED} stops the emergency, as an exception does
   */
  Result run(EmergencyRun run);

  /** Returns the risks that the step has left to people so far. Does not call the backend. */
  default List<OpenItem> open(EmergencySituation seen) {
    return List.of();
  }

  /** The result of a step. */
  record Result(TimelineEntry.Outcome outcome, String detail) {
    static Result done(String detail) {
      return new Result(TimelineEntry.Outcome.DONE, detail);
    }
  }
}
