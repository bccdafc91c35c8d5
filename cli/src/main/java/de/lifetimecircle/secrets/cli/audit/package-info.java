/** Commands that audit reads and write alerts. */
@NullMarked
package de.lifetimecircle.secrets.cli.audit;

import org.jspecify.annotations.NullMarked;
