/**
 * The runbook, the messages of the hand-over and the checklist, each written from the inventory and
 * the live store, so that none says what was true once. No value is read for any of them.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.handover;

import org.jspecify.annotations.NullMarked;
