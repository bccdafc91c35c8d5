/** Verification, backup and repair of a whole store. */
@NullMarked
package de.lifetimecircle.secrets.gpg.maintenance;

import org.jspecify.annotations.NullMarked;
