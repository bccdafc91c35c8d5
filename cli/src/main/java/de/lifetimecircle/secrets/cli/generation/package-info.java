/** Commands that fill a store with the secrets of an inventory. */
@NullMarked
package de.lifetimecircle.secrets.cli.generation;

import org.jspecify.annotations.NullMarked;
