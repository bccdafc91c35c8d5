/** The command that writes least-privilege policies. */
@NullMarked
package de.lifetimecircle.secrets.cli.policy;

import org.jspecify.annotations.NullMarked;
