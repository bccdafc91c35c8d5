/** The command that replaces an exposed secret. */
@NullMarked
package de.lifetimecircle.secrets.cli.emergency;

import org.jspecify.annotations.NullMarked;
