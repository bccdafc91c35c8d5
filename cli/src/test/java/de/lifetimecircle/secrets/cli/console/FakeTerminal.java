package de.lifetimecircle.secrets.cli.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Streams in memory, and a person who answers from a list. */
public class FakeTerminal implements Terminal {
  public final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(outBytes, false, StandardCharsets.UTF_8);
  private final PrintStream err = new PrintStream(errBytes, false, StandardCharsets.UTF_8);
  private final Deque<String> answers = new ArrayDeque<>();
  private InputStream in = InputStream.nullInputStream();
  boolean inputIsTerminal;
  public boolean outputIsTerminal;
  public boolean errorIsTerminal;

  public FakeTerminal input(byte[] bytes) {
    in = new ByteArrayInputStream(bytes);
    return this;
  }

  public FakeTerminal person(String... answersInTurn) {
    inputIsTerminal = true;
    answers.addAll(List.of(answersInTurn));
    return this;
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
  public char[] askHidden(String question) {
    return ask(question).orElseThrow().toCharArray();
  }

  @Override
  public Optional<String> ask(String question) {
    err.print(question);
    return Optional.ofNullable(answers.poll());
  }
}
