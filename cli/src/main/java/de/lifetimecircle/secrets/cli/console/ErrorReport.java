package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.emergency.EmergencyStopped;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.spi.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns a failure into one line on standard error and an exit code. Used by one thread. */
public final class ErrorReport {
  private final CommandSession session;

  /** Creates a report that writes to the session's standard error. */
  public ErrorReport(CommandSession session) {
    this.session = session;
  }

  /** Says what failed; a stack trace only on demand. */
  public int report(Throwable failure) {
    ExitCode code;
    String kind;
    String text;
    if (failure instanceof SecretException e) {
      code = ExitCode.of(e.kind());
      kind = word(e.kind());
      text = message(e);
    } else if (failure instanceof RotationStopped e) {
      code = ExitCode.STOPPED;
      kind = word(code);
      text = String.valueOf(e.getMessage()).replace('\n', ' ').stripTrailing();
    } else if (failure instanceof EmergencyStopped e) {
      code = ExitCode.STOPPED;
      kind = word(code);
      text = String.valueOf(e.getMessage());
    } else if (failure instanceof CommandFailure e) {
      code = e.exitCode();
      kind = word(code);
      text = String.valueOf(e.getMessage());
    } else {
      // Not the message: nobody has checked that it holds no value.
      code = ExitCode.INTERNAL;
      kind = word(code);
      text =
          "Cannot finish: a defect of this program ("
              + failure.getClass().getName()
              + "). Run it with --debug and report what it prints.";
    }
    print(code, kind, text);
    if (session.debug) {
      failure.printStackTrace(session.terminal.err());
      session.terminal.err().flush();
    }
    return code.code();
  }

  private void print(ExitCode code, String kind, String text) {
    PrintStream err = session.terminal.err();
    if (session.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("error", kind);
      document.put("exitCode", code.code());
      document.put("message", text);
      err.print(Json.write(document));
    } else {
      err.print("secrets: " + Output.printable(text));
    }
    err.print('\n');
    err.flush();
  }

  /** One line, but for a configuration, where each mistake has its own. */
  public static String message(SecretException e) {
    String text = String.valueOf(e.getMessage());
    if (e.kind() == SecretException.Kind.CONFIGURATION) {
      return text.replace("\n.", "").stripTrailing();
    }
    return text.replace('\n', ' ').stripTrailing();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
