/** Writes files completely or not at all, for everyone or only for their owner. */
@NullMarked
package de.lifetimecircle.secrets.operations.files;

import org.jspecify.annotations.NullMarked;
