/** Commands that write the runbook and the hand-over messages. */
@NullMarked
package de.lifetimecircle.secrets.cli.handover;

import org.jspecify.annotations.NullMarked;
