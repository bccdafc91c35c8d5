/** Compares a store with the inventory. */
@NullMarked
package de.lifetimecircle.secrets.operations.check;

import org.jspecify.annotations.NullMarked;
