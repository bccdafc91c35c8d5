/** Finds unexpected reads of secrets: compares the logs of backends with the inventory. */
@NullMarked
package de.lifetimecircle.secrets.operations.audit;

import org.jspecify.annotations.NullMarked;
