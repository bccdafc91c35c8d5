/** The state of each name: what is held, how old it is, who loads it, and what readers get. */
@NullMarked
package de.lifetimecircle.secrets.internal.cache;

import org.jspecify.annotations.NullMarked;
