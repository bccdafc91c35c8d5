package de.lifetimecircle.secrets.operations.audit;

import org.jspecify.annotations.Nullable;

/**
 * The text of one record of a log. Immutable.
 *
 * @param line the line in which it begins, from 1 on
 * @param text the text; nothing where it is too long or cut short
 */
record RawRecord(long line, @Nullable String text) {}
