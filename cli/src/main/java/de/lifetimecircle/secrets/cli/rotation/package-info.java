/** Commands that rotate secrets and show rotations. */
@NullMarked
package de.lifetimecircle.secrets.cli.rotation;

import org.jspecify.annotations.NullMarked;
