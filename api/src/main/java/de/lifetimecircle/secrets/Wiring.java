package de.lifetimecircle.secrets;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The parts a pipeline is made of, put together by {@link SecretProviderBuilder}. Not a record:
 * what the compiler adds to one is half a kilobyte of a jar that every service carries.
 */
final class Wiring {
  /** The backend's word, for messages. */
  final String scheme;

  /** What the backend's names begin with. */
  final String prefix;

  /** Ages and limits. */
  final Policy policy;

  /** Deadline and retry. */
  final Calls calls;

  /** Values for local work. */
  final Overrides overrides;

  /** Rules for values. */
  final Validation validation;

  /** How large a value may be that is written. */
  final Limits limits;

  /** Delivery to listeners. */
  final Events events;

  /** Counts what is done. */
  final Meter meter;

  /** Overwrites values that nobody reads any more. */
  final Remains remains = new Remains();

  /** Both clocks. */
  final TimeSource time;

  /** Jitter. */
  final RandomGenerator random;

  /** What is set, for people. */
  final List<Setting> settings;

  /** Alarms, calls and listeners run on these. */
  final Threads threads;

  Wiring(
      String scheme,
      String prefix,
      Policy policy,
      Calls calls,
      Overrides overrides,
      Validation validation,
      Limits limits,
      Events events,
      Meter meter,
      TimeSource time,
      RandomGenerator random,
      List<Setting> settings,
      Threads threads) {
    this.scheme = scheme;
    this.prefix = prefix;
    this.policy = policy;
    this.calls = calls;
    this.overrides = overrides;
    this.validation = validation;
    this.limits = limits;
    this.events = events;
    this.meter = meter;
    this.time = time;
    this.random = random;
    this.settings = settings;
    this.threads = threads;
  }

  Moment now() {
    return Moment.now(time);
  }

  void close() {
    threads.close();
    remains.close();
  }
}
