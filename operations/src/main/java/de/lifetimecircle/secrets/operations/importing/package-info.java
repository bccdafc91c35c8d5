/** Values from files of other programs, for a store. */
@NullMarked
package de.lifetimecircle.secrets.operations.importing;

import org.jspecify.annotations.NullMarked;
