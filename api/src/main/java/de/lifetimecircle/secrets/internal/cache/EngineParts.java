package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.TimeSource;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.config.LocalOverrides;
import de.lifetimecircle.secrets.internal.config.ValueSizeLimit;
import de.lifetimecircle.secrets.internal.config.ValueValidation;
import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The parts a pipeline is made of, put together by {@link SecretProviderBuilder}.
 *
 * @param scheme the backend's word, for messages
 * @param prefix the common prefix of the backend's names
 * @param policy ages and limits
 * @param calls deadline and retry
 * @param overrides values for local work
 * @param validation rules for values
 * @param limits the largest value that may be written
 * @param events delivery to listeners
 * @param metrics the counters
 * @param eraser overwrites values that no reader has any longer
 * @param time both clocks
 * @param random jitter
 * @param settings the settings in force, for people
 * @param threads alarms, calls and listeners run on these
 */
public record EngineParts(
    String scheme,
    String prefix,
    CachePolicy policy,
    CallExecutor calls,
    LocalOverrides overrides,
    ValueValidation validation,
    ValueSizeLimit limits,
    EventDelivery events,
    EngineMetrics metrics,
    ValueEraser eraser,
    TimeSource time,
    RandomGenerator random,
    List<Setting> settings,
    EngineThreads threads) {

  public Timestamp now() {
    return Timestamp.now(time);
  }

  /** The backend's name of a secret. */
  public String stored(String name) {
    return prefix + name;
  }

  public void close() {
    threads.close();
    eraser.close();
  }
}
