/** Commands that compare two stores and move secrets between them. */
@NullMarked
package de.lifetimecircle.secrets.cli.moving;

import org.jspecify.annotations.NullMarked;
