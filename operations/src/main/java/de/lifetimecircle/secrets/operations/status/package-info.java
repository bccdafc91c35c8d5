/**
 * Checks the points that must be true before a service goes live with its secrets, with evidence
 * for each.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.status;

import org.jspecify.annotations.NullMarked;
