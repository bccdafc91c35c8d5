/**
 * Races inside one cache entry, run by jcstress; in this package because they call package-private
 * code.
 */
@NullMarked
package de.lifetimecircle.secrets.internal.cache;

import org.jspecify.annotations.NullMarked;
