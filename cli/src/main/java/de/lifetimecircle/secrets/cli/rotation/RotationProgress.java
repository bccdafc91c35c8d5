package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.HookProgress;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import java.time.Duration;
import java.util.Map;

/** Prints each step of a rotation once it is recorded, and the result at the end. */
record RotationProgress(CommandSession session, HookProgress hooks) implements RotationListener {

  @Override
  public void runs(String hook, Duration took, Duration limit, String said) {
    hooks.runs(hook, took, limit, said);
  }

  @Override
  public void at(String name, RotationStep step, Moment moment) {
    if (moment == Moment.RECORDED && !session.json) {
      session.output().line(name + ": " + step.word());
      session.output().flush();
    }
  }

  @Override
  public void note(String text) {
    session.hint(text + ".");
  }

  static void print(RotationReport report, CommandSession session) {
    session.output().result(text(report, session), document(report));
  }

  static String text(RotationReport report, CommandSession session) {
    String begin =
        switch (report.outcome()) {
          case WAITING, FINISHED -> "Rotated";
          case OPEN -> "Open: rotation of";
          case ROLLED_BACK -> "Rolled back";
          case ABANDONED -> "Abandoned the rotation of";
        };
    StringBuilder text = new StringBuilder(begin + " '" + report.name() + "'");
    if (report.outcome() == RotationReport.Outcome.WAITING
        || report.outcome() == RotationReport.Outcome.FINISHED) {
      String separator = ": ";
      for (RotationReport.Changed changed : report.changes()) {
        text.append(separator)
            .append(separator.equals(": ") ? "" : "'" + changed.name() + "' ")
            .append("version ")
            .append(changed.oldVersion())
            .append(" -> ")
            .append(changed.newVersion());
        separator = ", ";
      }
    }
    if (report.outcome() == RotationReport.Outcome.WAITING) {
      report
          .retireAt()
          .map(session.output().times()::text)
          .ifPresent(end -> text.append("; the old value will be retired after ").append(end));
    }
    return text.toString();
  }

  static Map<String, Object> document(RotationReport report) {
    return Output.object(
        "rotation", report.rotation(),
        "environment", report.environment(),
        "secret", report.secret(),
        "outcome", report.outcome(),
        "changes", report.changes().stream().map(Output::object).toList(),
        "retireAt", report.retireAt());
  }
}
