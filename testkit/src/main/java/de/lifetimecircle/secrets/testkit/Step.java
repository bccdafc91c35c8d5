package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import java.time.Duration;

/**
 * What a {@link FakeStore} does when it is called: answer, fail, hang, take its time. Immutable.
 *
 * <p>A step that gives a value ends a fetch; one that lets time pass or runs code goes on to the
 * next step or to what the store holds.
 */
public sealed interface Step {

  /** Answers a fetch with this value and version instead of what the store holds. */
  static Step value(String version, String text) {
    return new Value(version, SecretValue.of(text));
  }

  /** Fails with that kind. */
  static Step fail(SecretException.Kind kind) {
    return new FailKind(kind);
  }

  /** Fails with this very exception. */
  static Step fail(SecretException exception) {
    return new Fail(exception);
  }

  /** Breaks the rules of a store: throws something that is no {@link SecretException}. */
  static Step broken(RuntimeException exception) {
    return new Broken(exception);
  }

  /** Hangs until {@link FakeStore#release}, the store's end, or an interrupt. */
  static Step hang() {
    return new Hang();
  }

  /** Lets that much time pass on the ticker, with all that falls due in it, then goes on. */
  static Step delay(FakeTicker ticker, Duration duration) {
    return new Run(() -> ticker.advance(duration));
  }

  /** Runs some code on the calling thread, then goes on: to put a race where it hurts. */
  static Step run(Runnable code) {
    return new Run(code);
  }

  /** Does nothing; ends an earlier fault for one call. */
  static Step proceed() {
    return new Run(() -> {});
  }

  /**
   * A value.
   *
   * @param version the id of its version
   * @param value the value
   */
  record Value(String version, SecretValue value) implements Step {}

  /**
   * A failure, by kind.
   *
   * @param kind the kind
   */
  record FailKind(SecretException.Kind kind) implements Step {}

  /**
   * A failure.
   *
   * @param exception what is thrown
   */
  record Fail(SecretException exception) implements Step {}

  /**
   * A broken rule.
   *
   * @param exception what is thrown
   */
  record Broken(RuntimeException exception) implements Step {}

  /** A hang. */
  record Hang() implements Step {}

  /**
   * Some code.
   *
   * @param code what is run
   */
  record Run(Runnable code) implements Step {}
}
