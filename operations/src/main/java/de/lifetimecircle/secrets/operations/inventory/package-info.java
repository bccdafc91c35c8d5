/**
 * The file {@code secrets.yaml} of a service, read and checked: secrets, environments, generators,
 * rules and rotations.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.inventory;

import org.jspecify.annotations.NullMarked;
