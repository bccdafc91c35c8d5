/** Commands for single secrets and for the store that holds them. */
@NullMarked
package de.lifetimecircle.secrets.cli.secret;

import org.jspecify.annotations.NullMarked;
