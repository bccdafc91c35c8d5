/** Generates the values that an inventory describes, directly into the store. */
@NullMarked
package de.lifetimecircle.secrets.operations.generation;

import org.jspecify.annotations.NullMarked;
