/**
 * Reads and validates {@code secrets.yaml}: secrets, environments, generators, rules and rotations.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.inventory;

import org.jspecify.annotations.NullMarked;
