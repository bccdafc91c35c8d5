/** The command that shows the checklist before a service goes live. */
@NullMarked
package de.lifetimecircle.secrets.cli.status;

import org.jspecify.annotations.NullMarked;
