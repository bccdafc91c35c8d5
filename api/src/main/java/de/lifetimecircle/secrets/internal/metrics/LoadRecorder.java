package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Reaches Java Flight Recorder. Stateless. */
final class LoadRecorder {
  /** A Java that was linked for a service may lack it. */
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private LoadRecorder() {}

  /**
   * Returns a consumer that records a load beginning now, once it receives the load's end; null
   * before the first recording of this process. Loading the event class starts the recorder's own
   * set-up of 200 classes, a cost that every process would pay.
   */
  static @Nullable Consumer<@Nullable SecretException> load(
      String scheme, String name, Purpose purpose) {
    return PRESENT && FlightRecorder.isInitialized() ? new LoadEvent(scheme, name, purpose) : null;
  }
}
