/** Histories and a soak of the whole cache, checked against what it promises. */
@NullMarked
package de.lifetimecircle.secrets.stress;

import org.jspecify.annotations.NullMarked;
