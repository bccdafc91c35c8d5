/**
 * The checklist: what has to be true before a service goes live with its secrets, each tick with
 * its proof.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.status;

import org.jspecify.annotations.NullMarked;
