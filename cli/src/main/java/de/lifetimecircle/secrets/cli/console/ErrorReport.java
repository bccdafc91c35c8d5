package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.emergency.EmergencyStopped;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;

/** Prints a failure as one line on standard error and returns its exit code. Not thread-safe. */
public record ErrorReport(CommandSession session) {
  /** More than any failure has; a chain of causes that leads back to itself ends here. */
  private static final int MOST_CAUSES = 24;

  /** Prints the failure, with {@code --debug} also its stack trace, and returns the exit code. */
  public int report(Throwable failure) {
    ExitCode code;
    String kind;
    String text;
    Throwable shown = failure;
    if (failure instanceof SecretException e) {
      code = ExitCode.of(e.kind());
      kind = OptionWords.of(e.kind());
      text = message(e) + session.suggestion(e);
    } else if (failure instanceof RotationStopped e) {
      code = ExitCode.STOPPED;
      kind = OptionWords.of(code);
      text = String.valueOf(e.getMessage()).replace('\n', ' ').stripTrailing();
    } else if (failure instanceof EmergencyStopped e) {
      code = ExitCode.STOPPED;
      kind = OptionWords.of(code);
      text = String.valueOf(e.getMessage());
    } else if (failure instanceof CommandFailure e) {
      code = e.exitCode();
      if (code == ExitCode.READER_GONE) {
        return code.code();
      }
      kind = OptionWords.of(code);
      text = String.valueOf(e.getMessage());
    } else if (failure instanceof UncheckedIOException e) {
      code = ExitCode.INVALID;
      kind = "file";
      text = "Cannot read or write a file: " + file(Objects.requireNonNull(e.getCause())) + ".";
    } else {
      code = ExitCode.INTERNAL;
      kind = failure instanceof OutOfMemoryError ? "out-of-memory" : OptionWords.of(code);
      text = failure instanceof OutOfMemoryError ? fullHeap() : defect(failure);
      shown = withoutTexts(failure, 0);
    }
    print(code, kind, text);
    if (session.debug) {
      StringWriter stack = new StringWriter();
      shown.printStackTrace(new PrintWriter(stack));
      session.terminal.err().print(Output.printable(stack.toString()));
      session.terminal.err().flush();
    }
    return code.code();
  }

  /** A person may send the stack of a defect to others, and its text may hold a value. */
  private static Throwable withoutTexts(Throwable defect, int causes) {
    RuntimeException bare = StoreFailure.withoutText(defect);
    Throwable cause = defect.getCause();
    if (cause != null && causes < MOST_CAUSES) {
      bare.initCause(cause instanceof SecretException ? cause : withoutTexts(cause, causes + 1));
    }
    return bare;
  }

  private static String file(IOException e) {
    String file = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
    return (file.isEmpty() ? "" : file + ": ") + FileFailure.reason(e);
  }

  private static String fullHeap() {
    return "Cannot finish: the input needs more memory than the "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MB of this program. Give it less at once, or more memory with SECRETS_MAX_MEMORY=4g.";
  }

  /** Returns a text without the failure's own: only our exceptions are checked to hold no value. */
  private static String defect(Throwable failure) {
    return "Cannot finish: a bug in this program ("
        + failure.getClass().getName()
        + "). Run the command again with --debug and report its output.";
  }

  private void print(ExitCode code, String kind, String text) {
    PrintStream err = session.terminal.err();
    if (session.json) {
      err.print(
          session.output().failure(code.code(), Output.object("kind", kind, "message", text)));
    } else {
      err.print("secrets: " + Output.printable(text));
    }
    err.print('\n');
    err.flush();
  }

  /** Returns the message as one line, or for a wrong configuration as one line per mistake. */
  public static String message(SecretException e) {
    String text = String.valueOf(e.getMessage());
    if (e.kind() == SecretException.Kind.CONFIGURATION) {
      return text.replace("\n.", "").stripTrailing();
    }
    return text.replace('\n', ' ').stripTrailing();
  }
}
