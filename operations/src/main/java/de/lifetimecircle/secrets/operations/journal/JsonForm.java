package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.spi.Json;

/**
 * A value that chooses its own form of JSON in a {@link RecordMapping}. Its class has a static
 * method {@code read(Object)}, which returns the value for a form of {@link Json#parse} or throws
 * an {@code IllegalArgumentException} that says what it expected.
 */
public interface JsonForm {
  /** Returns the form, which {@link Json#write} takes. */
  Object json();
}
