package de.lifetimecircle.secrets.operations.audit;

import org.jspecify.annotations.Nullable;

/**
 * The text of one record of a log. Immutable.
 *
 * @param line the number of its first line, starting at 1
 * @param text the text; null if it is too long or cut short
 */
record RawLogRecord(long line, @Nullable String text) {}
