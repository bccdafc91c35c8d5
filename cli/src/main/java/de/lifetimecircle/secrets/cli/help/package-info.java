/** The help of the command line: its groups, an example for each command, and topics. */
@NullMarked
package de.lifetimecircle.secrets.cli.help;

import org.jspecify.annotations.NullMarked;
