/** The command that compares a store with the inventory. */
@NullMarked
package de.lifetimecircle.secrets.cli.check;

import org.jspecify.annotations.NullMarked;
