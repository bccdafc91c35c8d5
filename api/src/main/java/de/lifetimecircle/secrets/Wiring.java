package de.lifetimecircle.secrets;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * The parts a pipeline is made of, put together by {@link SecretProviderBuilder}.
 *
 * @param scheme the backend's word, for messages
 * @param prefix what the backend's names begin with
 * @param policy ages and limits
 * @param calls deadline and retry
 * @param overrides values for local work
 * @param validation rules for values
 * @param limits how large a value may be that is written
 * @param events delivery to listeners
 * @param meter counts what is done
 * @param remains overwrites values that nobody reads any more
 * @param clock the time of day
 * @param timer alarms
 * @param random jitter
 * @param settings what is set, for people
 * @param threads ends the threads that belong to this pipeline
 */
record Wiring(
    String scheme,
    String prefix,
    Policy policy,
    Calls calls,
    Overrides overrides,
    Validation validation,
    Limits limits,
    Events events,
    Meter meter,
    Remains remains,
    InstantSource clock,
    ScheduledExecutorService timer,
    RandomGenerator random,
    List<Setting> settings,
    Runnable threads) {

  void close() {
    threads.run();
    remains.close();
  }
}
