/**
 * The terminal and the process: options of every command, input, output, exit codes and error
 * messages.
 */
@NullMarked
package de.lifetimecircle.secrets.cli.console;

import org.jspecify.annotations.NullMarked;
