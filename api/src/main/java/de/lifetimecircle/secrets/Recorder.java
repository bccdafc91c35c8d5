package de.lifetimecircle.secrets;

import jdk.jfr.FlightRecorder;

/** Whether Java Flight Recorder may be recording. Stateless. */
final class Recorder {
  /** A Java that was linked for a service may lack it. */
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private Recorder() {}

  /**
   * True from the first recording of this process on. The class of an event, once loaded, starts
   * the recorder's own set-up: 200 classes, which every process would pay for.
   */
  static boolean isRunning() {
    return PRESENT && FlightRecorder.isInitialized();
  }
}
