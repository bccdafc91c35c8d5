/** The {@code secrets} command: argument parsing and output. */
@NullMarked
package de.lifetimecircle.secrets.cli;

import org.jspecify.annotations.NullMarked;
