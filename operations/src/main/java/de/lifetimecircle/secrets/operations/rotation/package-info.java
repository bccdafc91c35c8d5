/** Rotates secrets in steps that can each be resumed, and logs them. */
@NullMarked
package de.lifetimecircle.secrets.operations.rotation;

import org.jspecify.annotations.NullMarked;
