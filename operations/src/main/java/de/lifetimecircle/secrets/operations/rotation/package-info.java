/**
 * Rotations: a new value for a secret in steps that can each be resumed, and the log of what was
 * done. Sees the API and the inventory only.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.rotation;

import org.jspecify.annotations.NullMarked;
