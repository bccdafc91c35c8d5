/**
 * Passes the secrets of an inventory to programs: as variables of a process, as files of other
 * systems, and in a deployment on GitHub.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.wiring;

import org.jspecify.annotations.NullMarked;
