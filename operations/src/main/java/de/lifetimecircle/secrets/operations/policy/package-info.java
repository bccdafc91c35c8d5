/** Least-privilege policies for each backend, written from the inventory. */
@NullMarked
package de.lifetimecircle.secrets.operations.policy;

import org.jspecify.annotations.NullMarked;
