/**
 * Races inside one entry of the cache, run by jcstress; here because they call what is not public.
 */
@NullMarked
package de.lifetimecircle.secrets;

import org.jspecify.annotations.NullMarked;
