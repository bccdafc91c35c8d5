/** Commands that create and tidy an inventory. */
@NullMarked
package de.lifetimecircle.secrets.cli.inventory;

import org.jspecify.annotations.NullMarked;
