/**
 * Searches files, logs and the history of git for the actual values of secrets in many forms, and
 * reports the places without showing a value.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.scan;

import org.jspecify.annotations.NullMarked;
