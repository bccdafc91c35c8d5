/** Files that appear as a whole or not at all, for everyone or for their owner only. */
@NullMarked
package de.lifetimecircle.secrets.operations.files;

import org.jspecify.annotations.NullMarked;
