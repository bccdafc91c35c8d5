/** The command that looks for leaked values. */
@NullMarked
package de.lifetimecircle.secrets.cli.scan;

import org.jspecify.annotations.NullMarked;
