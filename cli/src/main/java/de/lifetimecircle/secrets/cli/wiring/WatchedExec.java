package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ForegroundProcess;
import de.lifetimecircle.secrets.operations.wiring.ChangeTiming;
import de.lifetimecircle.secrets.operations.wiring.EnvironmentVariables;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.operations.wiring.SignalForwarding;
import de.lifetimecircle.secrets.operations.wiring.WatchedProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Runs a program that {@code secrets exec --watch} keeps with the current values. */
final class WatchedExec {
  private final CommandSession session;
  private final WatchedProgram.Reaction reaction;
  private final ChangeTiming timing;
  private final Duration grace;

  WatchedExec(
      CommandSession session,
      WatchedProgram.Reaction reaction,
      ChangeTiming timing,
      Duration grace) {
    this.session = session;
    this.reaction = reaction;
    this.timing = timing;
    this.grace = grace;
  }

  int run(SecretProvider provider, ProgramWiring wiring, List<String> program) {
    OptionalInt missing = new ForegroundProcess(session).refusal(program.get(0));
    if (missing.isPresent()) {
      return missing.getAsInt();
    }
    // A local override stays as it is, and its secret may not exist.
    List<String> watched = wiring.askedFor(provider, session.environment);
    WatchedProgram watch =
        new WatchedProgram(
            program, reaction, timing, grace, session::hint, ForegroundProcess.output(session));
    if (!SignalForwarding.to(watch::signal)) {
      session.hint("this JVM passes no signals on: only SIGKILL of its group ends the program.");
    }
    try {
      return watch.run(
          provider,
          watched,
          () -> EnvironmentVariables.ofChild(wiring.read(provider, session.environment)));
    } catch (IOException e) {
      throw CommandFailure.io("run the program", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.internal("Cannot run the program: interrupted.");
    }
  }
}
