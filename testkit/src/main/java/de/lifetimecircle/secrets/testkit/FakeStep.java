package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import java.time.Duration;

/**
 * One thing that a {@link FakeStore} does when it is called: answer, fail, hang, be slow.
 * Immutable.
 *
 * <p>A step that returns a value ends a fetch. A step that lets time pass or runs code is followed
 * by the next step or, if there is none, by the store's own answer.
 */
public sealed interface FakeStep {

  /** Answers a fetch with this value and version instead of the stored ones. */
  static FakeStep value(String version, String text) {
    return new Value(version, SecretValue.of(text));
  }

  /** Fails with that kind. */
  static FakeStep fail(SecretException.Kind kind) {
    return new FailKind(kind);
  }

  /** Fails with this very exception. */
  static FakeStep fail(SecretException exception) {
    return new Fail(exception);
  }

  /** Breaks the rules of a store: throws something that is no {@link SecretException}. */
  static FakeStep broken(RuntimeException exception) {
    return new Broken(exception);
  }

  /** Hangs until {@link FakeStore#release}, the store's end, or an interrupt. */
  static FakeStep hang() {
    return new Hang();
  }

  /** Lets that much time pass on the ticker, with all that falls due in it, then goes on. */
  static FakeStep delay(FakeTicker ticker, Duration duration) {
    return new Run(() -> ticker.advance(duration));
  }

  /** Runs some code on the calling thread, then goes on: to put a race where it hurts. */
  static FakeStep run(Runnable code) {
    return new Run(code);
  }

  /** Does nothing; ends an earlier fault for one call. */
  static FakeStep proceed() {
    return new Run(() -> {});
  }

  /**
   * A value.
   *
   * @param version the id of its version
   * @param value the value
   */
  record Value(String version, SecretValue value) implements FakeStep {}

  /**
   * A failure, by kind.
   *
   * @param kind the kind
   */
  record FailKind(SecretException.Kind kind) implements FakeStep {}

  /**
   * A failure.
   *
   * @param exception what is thrown
   */
  record Fail(SecretException exception) implements FakeStep {}

  /**
   * A broken rule.
   *
   * @param exception what is thrown
   */
  record Broken(RuntimeException exception) implements FakeStep {}

  /** A hang. */
  record Hang() implements FakeStep {}

  /**
   * Some code.
   *
   * @param code what is run
   */
  record Run(Runnable code) implements FakeStep {}
}
