/**
 * Compares two backends and moves secrets from one to the other, version by version, without
 * showing a value.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.moving;

import org.jspecify.annotations.NullMarked;
