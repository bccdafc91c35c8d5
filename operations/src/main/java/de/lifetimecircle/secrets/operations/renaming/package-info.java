/** Renaming a secret of an inventory, with everything that follows from it. */
@NullMarked
package de.lifetimecircle.secrets.operations.renaming;

import org.jspecify.annotations.NullMarked;
