/** Tests of the command. */
@NullMarked
package de.lifetimecircle.secrets.cli;

import org.jspecify.annotations.NullMarked;
