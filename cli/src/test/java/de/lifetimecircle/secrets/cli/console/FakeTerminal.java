package de.lifetimecircle.secrets.cli.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Streams in memory, and a person who answers from a list. */
public class FakeTerminal implements Terminal {
  public final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private PipeOutput results = new PipeOutput(outBytes);
  private PrintStream out = new PrintStream(results, false, StandardCharsets.UTF_8);
  private final PrintStream err = new PrintStream(errBytes, false, StandardCharsets.UTF_8);
  private final Deque<String> answers = new ArrayDeque<>();
  private InputStream in = InputStream.nullInputStream();
  boolean inputIsTerminal;
  public boolean outputIsTerminal;
  public boolean errorIsTerminal;
  public OptionalInt columns = OptionalInt.empty();

  /** The lines about work that went on. */
  public final List<String> progress = new ArrayList<>();

  public FakeTerminal input(byte[] bytes) {
    in = new ByteArrayInputStream(bytes);
    return this;
  }

  /** Rejects every result with that message of the system. */
  public FakeTerminal rejecting(String message) {
    OutputStream none =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        };
    results = new PipeOutput(none);
    out = new PrintStream(results, false, StandardCharsets.UTF_8);
    return this;
  }

  public FakeTerminal person(String... answersInTurn) {
    inputIsTerminal = true;
    answers.addAll(List.of(answersInTurn));
    return this;
  }

  /**
   * Returns the script of a hook that prints a line, and ends when {@link #seeing} shows that line;
   * after a minute it ends unseen.
   */
  public static String hookThatWaitsToBeSeen() {
    return "echo 1 of 2; i=0; until [ -e seen-$ROTATION_STEP$EMERGENCY_STEP ] || [ $i = 600 ]; do"
        + " sleep 0.1; i=$((i+1)); done";
  }

  /** Returns the terminal of a person who sees the last line of a hook that runs in the folder. */
  public static FakeTerminal seeing(Path hookFolder) {
    FakeTerminal terminal =
        new FakeTerminal() {
          @Override
          public void progress(String line) {
            super.progress(line);
            if (line.endsWith("; it printed last: 1 of 2")) {
              String step = line.replaceFirst("secrets: hook (.*?): .*", "$1");
              try {
                Files.writeString(hookFolder.resolve("seen-" + step), "");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    terminal.errorIsTerminal = true;
    return terminal;
  }

  public String outText() {
    out.flush();
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  public String errText() {
    err.flush();
    return errBytes.toString(StandardCharsets.UTF_8);
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
    return inputIsTerminal;
  }

  @Override
  public boolean outputIsTerminal() {
    return outputIsTerminal;
  }

  @Override
  public boolean errorIsTerminal() {
    return errorIsTerminal;
  }

  @Override
  public void progress(String line) {
    progress.add(line);
  }

  @Override
  public OptionalInt columns() {
    return columns;
  }

  @Override
  public boolean readerHasGone() {
    return results.readerHasGone();
  }

  @Override
  public char[] askHidden(String question) {
    return ask(question).orElseThrow().toCharArray();
  }

  @Override
  public Optional<String> ask(String question) {
    err.print(question);
    return Optional.ofNullable(answers.poll());
  }
}
