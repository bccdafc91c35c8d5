package de.lifetimecircle.secrets.cli.console;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The streams of this process. */
// Since Java 22 there is a console even without a terminal, unless Java starts with
// -Djdk.console=java.base, which the launcher sets.
@SuppressWarnings("SystemConsoleNull")
public final class SystemTerminal implements Terminal {
  // Not System.in and System.out: they encode by the locale, and the locale C has ASCII only.
  private final InputStream in = new FileInputStream(FileDescriptor.in);
  private final ProgressLine line = new ProgressLine(new FileOutputStream(FileDescriptor.err));
  private final PipeOutput results =
      new PipeOutput(line.before(new FileOutputStream(FileDescriptor.out)));
  private final PrintStream out = stream(results);
  private final PrintStream err = stream(line.before(new FileOutputStream(FileDescriptor.err)));

  /** Whether there was a hidden question; what is typed between two of them is an answer. */
  private boolean asked;

  private static PrintStream stream(OutputStream to) {
    return new PrintStream(new BufferedOutputStream(to), false, StandardCharsets.UTF_8);
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public PrintStream out() {
    return out;
  }

  @Override
  public PrintStream err() {
    return err;
  }

  @Override
  public boolean inputIsTerminal() {
    return isTerminal("stdin", 0);
  }

  @Override
  public boolean outputIsTerminal() {
    return isTerminal("stdout", 1);
  }

  @Override
  public boolean errorIsTerminal() {
    return isTerminal("stderr", 2);
  }

  /**
   * The JDK says only whether input and output are both terminals. So the launcher passes on the
   * result of the shell's {@code [ -t 1 ]}; without the launcher, Linux shows in {@code /proc}
   * where a descriptor leads. In doubt the answer is yes, because a value is then shown only with
   * {@code --show}.
   */
  private static boolean isTerminal(String stream, int descriptor) {
    String setting = System.getProperty("launcher." + stream + ".tty");
    if (setting != null) {
      return setting.equals("1");
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return stream.equals("stdout") || System.console() != null;
    }
  }

  /** Asks {@code stty}, since shells rarely export COLUMNS; takes milliseconds. */
  @Override
  public OptionalInt columns() {
    ProcessBuilder builder =
        new ProcessBuilder("stty", "size")
            .redirectInput(new File("/dev/tty"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      String[] size =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      return process.waitFor() == 0 && size.length == 2
          ? OptionalInt.of(Integer.parseInt(size[1]))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty(); // no such program, or no terminal: the usual width will do
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  @Override
  public void progress(String text) {
    if (!"dumb".equals(System.getenv("TERM"))) {
      line.show(text);
    }
  }

  @Override
  public boolean readerHasGone() {
    return results.readerHasGone();
  }

  @Override
  public char[] askHidden(String question) {
    Console console = System.console();
    if (console == null) {
      throw CommandFailure.usage(
          "Cannot ask for the value: input and output are not both terminals."
              + " Supply the value on standard input or with --file.");
    }
    if (!asked) {
      HiddenTyping.drop();
      asked = true;
    }
    char @Nullable [] answer = console.readPassword("%s", question);
    if (answer == null) {
      throw CommandFailure.usage("Cannot read the value: the input ended.");
    }
    boolean isAscii = CharBuffer.wrap(answer).chars().allMatch(c -> c < 128);
    if (!console.charset().equals(StandardCharsets.UTF_8) && !isAscii) {
      Arrays.fill(answer, '\0');
      throw CommandFailure.usage(
          "Cannot read the value: in this locale Java reads other characters than you typed. Run"
              + " 'export LC_ALL=C.UTF-8' first, or name a UTF-8 locale that 'locale -a' lists.");
    }
    return answer;
  }

  @Override
  public Optional<String> ask(String question) {
    HiddenTyping.end();
    err.print(question);
    err.flush();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      int c = in.read();
      if (c < 0) {
        return Optional.empty();
      }
      while (c >= 0 && c != '\n') {
        line.write(c);
        c = in.read();
      }
    } catch (IOException e) {
      throw CommandFailure.io("read the answer", e);
    }
    return Optional.of(line.toString(StandardCharsets.UTF_8));
  }
}
