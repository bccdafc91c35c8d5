package de.lifetimecircle.secrets.operations.emergency;

import java.util.function.UnaryOperator;

/** The state of an emergency while it runs. Used by one thread. */
final class EmergencyState {
  private EmergencyJournal journal;

  /** The person's description of the manual steps in this run; not kept for the next one. */
  private String word = "";

  EmergencyState(EmergencyJournal journal) {
    this.journal = journal;
  }

  EmergencyJournal journal() {
    return journal;
  }

  void update(UnaryOperator<EmergencyJournal> change) {
    journal = change.apply(journal);
  }

  String word() {
    return word;
  }

  void say(String text) {
    word = text;
  }
}
