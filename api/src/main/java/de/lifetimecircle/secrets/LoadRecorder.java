package de.lifetimecircle.secrets;

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
   * What records a load that begins now, when it is told the end; null before the first recording
   * of this process. The class of an event, once loaded, starts the recorder's own set-up: 200
   * classes, which every process would pay for.
   */
  static @Nullable Consumer<@Nullable SecretException> load(
      String scheme, String name, Purpose purpose) {
    return PRESENT && FlightRecorder.isInitialized() ? new LoadEvent(scheme, name, purpose) : null;
  }
}
