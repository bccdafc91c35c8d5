/** Commands that hand secrets to programs. */
@NullMarked
package de.lifetimecircle.secrets.cli.wiring;

import org.jspecify.annotations.NullMarked;
