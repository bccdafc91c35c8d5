/**
 * The figures, and who hears of them: JMX, a log, Flight Recorder. Uses none of the other rooms.
 */
@NullMarked
package de.lifetimecircle.secrets.internal.metrics;

import org.jspecify.annotations.NullMarked;
