/** Histories and a soak of the whole cache, checked against its promises. */
@NullMarked
package de.lifetimecircle.secrets.stress;

import org.jspecify.annotations.NullMarked;
