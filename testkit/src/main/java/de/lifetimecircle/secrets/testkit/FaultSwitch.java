package de.lifetimecircle.secrets.testkit;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes the backend of a contract run fail on demand. Used by one test at a time.
 *
 * <p>A fault that is not {@link #supported} is not tested; the report lists it by name.
 */
public interface FaultSwitch {

  /** A backend that cannot be made to fail. */
  static FaultSwitch none() {
    return new FaultSwitch() {
      @Override
      public Set<Fault> supported() {
        return Set.of();
      }

      @Override
      public void inject(Fault fault, String name) {
        throw new IllegalArgumentException("fault: " + fault + " (expected: none)");
      }

      @Override
      public void clear() {
        // Nothing was injected.
      }
    };
  }

  /** The faults that can be injected; the same at every call. */
  Set<Fault> supported();

  /**
   * Lets every call from now on that reads, describes or writes the name fail so, through every
   * client; calls without a name ({@code check}, {@code list}) may fail as well. With {@link
   * Fault#DISABLED} only calls that read fail.
   *
   * @param fault one of the supported ones
   * @param name the name, which exists
   */
  void inject(Fault fault, String name);

  /** Ends the fault. The backend then holds what it would hold had the calls never been made. */
  void clear();

  /** How many requests the backend has seen, where it can tell. */
  default OptionalInt requests() {
    return OptionalInt.empty();
  }

  /** How many logins the backend has seen, where it can tell. */
  default OptionalInt logins() {
    return OptionalInt.empty();
  }

  /** How many connections the backend has open now, where it can tell. */
  default OptionalInt connections() {
    return OptionalInt.empty();
  }
}
