/**
 * Writes the runbook and the hand-over messages from the inventory and the live store, so that they
 * can be checked against both. Reads no value.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.handover;

import org.jspecify.annotations.NullMarked;
