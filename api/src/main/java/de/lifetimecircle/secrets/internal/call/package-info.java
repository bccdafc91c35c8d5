/** Calls of the backend: their threads, deadlines and retries, and the sweep that nothing ends. */
@NullMarked
package de.lifetimecircle.secrets.internal.call;

import org.jspecify.annotations.NullMarked;
