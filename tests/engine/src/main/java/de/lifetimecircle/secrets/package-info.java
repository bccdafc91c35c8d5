/** A race inside one value, run by jcstress; in this package because it calls its private parts. */
@NullMarked
package de.lifetimecircle.secrets;

import org.jspecify.annotations.NullMarked;
