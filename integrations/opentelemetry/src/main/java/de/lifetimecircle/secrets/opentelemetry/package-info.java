/**
 * Loads, failures, ages and costs as metrics of OpenTelemetry, and a span for a load that a reader
 * waits for.
 */
@NullMarked
package de.lifetimecircle.secrets.opentelemetry;

import org.jspecify.annotations.NullMarked;
